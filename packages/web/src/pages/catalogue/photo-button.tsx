import { Button } from '@mantine/core';
import { CameraIcon } from '@radix-ui/react-icons';
import { useRef } from 'react';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

/** Asks for the photo to search with; a phone offers its camera too. */
export function PhotoButton({ onPhoto }: { readonly onPhoto: (photo: File) => void }) {
  const t = useMessages(messages);
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        data-testid="search-photo"
        onChange={({ currentTarget }) => {
          const [photo] = currentTarget.files ?? [];
          if (photo !== undefined) onPhoto(photo);
          currentTarget.value = '';
        }}
      />
      <Button variant="default" leftSection={<CameraIcon />} onClick={() => input.current?.click()}>
        {t('byPhoto')}
      </Button>
    </>
  );
}
