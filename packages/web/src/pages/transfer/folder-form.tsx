import { Button, Group, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

/** A path that no current folder is needed for, of Unix or Windows. */
const whole = /^(\/|[a-z]:[\\/]|\\\\)/i;

/** A folder of the machine that the server runs on: nothing is sent, however much is in it. */
export function FolderForm({ onFolder }: { readonly onFolder: (path: string) => void }) {
  const t = useMessages(messages);
  const [path, setPath] = useState('');
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const given = path.trim();
    setWrong(!whole.test(given));
    if (whole.test(given)) onFolder(given);
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="sm">
        <TextInput
          flex={1}
          miw={220}
          label={t('folder')}
          description={t('folderHint')}
          value={path}
          error={wrong && t('folderWrong')}
          onChange={({ currentTarget }) => setPath(currentTarget.value)}
        />
        <Button type="submit" variant="default">
          {t('folderGo')}
        </Button>
      </Group>
    </form>
  );
}
