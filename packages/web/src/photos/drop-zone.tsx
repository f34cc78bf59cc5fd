/** @file Where photos come in: dropped, pasted, chosen, or taken with the camera. */
import { Button, Group, Stack, Text, ThemeIcon } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { CameraIcon, FileIcon, ImageIcon } from '@radix-ui/react-icons';
import { useEffect, useRef, useState, type DragEvent } from 'react';
import { useMessages } from '../i18n/language.tsx';
import { Camera } from './camera.tsx';
import { photoMessages } from './messages.ts';

interface DropZoneProps {
  readonly onFiles: (files: readonly File[]) => void;
  /** What files may be chosen; photos by default. */
  readonly accept?: string;
  readonly multiple?: boolean;
  readonly title?: string;
  readonly hint?: string;
  readonly choose?: string;
  /** Without: files alone. */
  readonly camera?: boolean;
}

export function DropZone({ onFiles, accept = 'image/*', multiple = true, camera = true, ...texts }: DropZoneProps) {
  const t = useMessages(photoMessages);
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [taking, { open, close }] = useDisclosure();
  const give = (files: FileList | null | undefined): void => {
    if (files !== undefined && files !== null && files.length > 0)
      onFiles([...files].slice(0, multiple ? undefined : 1));
  };
  usePaste(give);
  const dragging = (value: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(value);
  };
  return (
    <Stack
      className="drop-zone"
      data-over={over || undefined}
      align="center"
      gap="xs"
      p="xl"
      onDragOver={dragging(true)}
      onDragLeave={dragging(false)}
      onDrop={(event) => {
        dragging(false)(event);
        give(event.dataTransfer.files);
      }}
    >
      <ThemeIcon size={48} radius="xl" variant="light" aria-hidden>
        <ImageIcon width={24} height={24} />
      </ThemeIcon>
      <Text fw={650} size="lg" ta="center">
        {texts.title ?? t('drop')}
      </Text>
      <Text c="dimmed" size="sm" ta="center">
        {texts.hint ?? t('dropHint')}
      </Text>
      <input
        ref={input}
        type="file"
        hidden
        data-testid="files"
        accept={accept}
        multiple={multiple}
        onChange={({ currentTarget }) => {
          give(currentTarget.files);
          // The same file may be chosen again.
          currentTarget.value = '';
        }}
      />
      <Group gap="xs" mt="xs" justify="center">
        <Button leftSection={<FileIcon />} onClick={() => input.current?.click()}>
          {texts.choose ?? t('choose')}
        </Button>
        {camera && (
          <Button variant="default" leftSection={<CameraIcon />} onClick={open}>
            {t('camera')}
          </Button>
        )}
      </Group>
      {taking && (
        <Camera
          onClose={close}
          onPhoto={(photo) => {
            close();
            onFiles([photo]);
          }}
        />
      )}
    </Stack>
  );
}

/** Photos from the clipboard, wherever on the page they are pasted. */
function usePaste(give: (files: FileList | null | undefined) => void): void {
  const latest = useRef(give);
  useEffect(() => {
    latest.current = give;
  });
  useEffect(() => {
    const listen = ({ clipboardData }: ClipboardEvent): void => latest.current(clipboardData?.files);
    window.addEventListener('paste', listen);
    return () => window.removeEventListener('paste', listen);
  }, []);
}
