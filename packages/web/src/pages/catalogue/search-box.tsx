/** @file Words that are searched for a moment after they were typed. */
import { ActionIcon, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Cross2Icon, MagnifyingGlassIcon } from '@radix-ui/react-icons';
import { useEffect, useState } from 'react';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

/** Milliseconds after the last letter. */
const PAUSE = 250;

interface SearchBoxProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function SearchBox({ value, onChange }: SearchBoxProps) {
  const t = useMessages(messages);
  const [typed, setTyped] = useState(value);
  const search = useDebouncedCallback(onChange, PAUSE);
  // Going back in the browser changes the words from outside.
  useEffect(() => setTyped(value), [value]);
  return (
    <TextInput
      type="search"
      flex={1}
      miw={220}
      leftSection={<MagnifyingGlassIcon />}
      aria-label={t('search')}
      placeholder={t('searchHint')}
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        search(currentTarget.value);
      }}
      rightSection={
        typed !== '' && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('clearSearch')}
            onClick={() => {
              setTyped('');
              onChange('');
            }}
          >
            <Cross2Icon />
          </ActionIcon>
        )
      }
    />
  );
}
