import { Anchor, Group, Paper, Stack, UnstyledButton } from '@mantine/core';
import { ExternalLinkIcon } from '@radix-ui/react-icons';
import { useState } from 'react';
import { Photo } from '../../common/photo.tsx';
import { Thumbnail } from '../../common/thumbnail.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

interface PhotosProps {
  readonly hashes: readonly string[];
  /** What is on them. */
  readonly name: string;
}

export function Photos({ hashes, name }: PhotosProps) {
  const t = useMessages(messages);
  const [at, setAt] = useState(0);
  const hash = hashes[at];
  if (hash === undefined) return <Thumbnail hash={null} />;
  return (
    <Stack gap="xs">
      <Paper withBorder radius="lg" style={{ overflow: 'hidden' }}>
        <Photo src={`/api/v1/photos/${hash}`} alt={name} />
      </Paper>
      {hashes.length > 1 && (
        <Group gap="xs">
          {hashes.map((one, index) => (
            <UnstyledButton
              key={one}
              w={64}
              aria-label={t('photo', { number: index + 1, count: hashes.length })}
              aria-pressed={index === at}
              onClick={() => setAt(index)}
            >
              <Thumbnail hash={one} />
            </UnstyledButton>
          ))}
        </Group>
      )}
      <Anchor href={`/api/v1/photos/${hash}`} target="_blank" size="sm">
        {t('download')} <ExternalLinkIcon aria-hidden />
      </Anchor>
    </Stack>
  );
}
