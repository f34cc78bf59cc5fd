import { Group, Kbd, Text } from '@mantine/core';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

const keys = [
  { keys: ['←', '→'], text: 'keyMove' },
  { keys: ['↑', '↓'], text: 'keyAttribute' },
  { keys: ['1…9'], text: 'keyValue' },
  { keys: ['␣'], text: 'keyConfirm' },
  { keys: ['U'], text: 'keyUndo' },
] as const;

export function KeyHelp() {
  const t = useMessages(messages);
  return (
    <Group gap="md" visibleFrom="sm" aria-label={t('keys')} role="note">
      {keys.map(({ keys: [first, second], text }) => (
        <Group key={text} gap={4}>
          <Kbd size="xs">{first}</Kbd>
          {second !== undefined && <Kbd size="xs">{second}</Kbd>}
          <Text size="xs" c="dimmed">
            {t(text)}
          </Text>
        </Group>
      ))}
    </Group>
  );
}
