/** @file Who changed what, the newest first. */
import { Text, Timeline } from '@mantine/core';
import { PersonIcon, ResetIcon } from '@radix-ui/react-icons';
import type { Details } from '../../api/products.ts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { messages } from './messages.ts';

type Change = Details['history'][number];

export function History({ history }: { readonly history: Details['history'] }) {
  const t = useMessages(messages);
  const { time } = useNumbers();
  const { title, label } = useTaxonomy();
  if (history.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('historyEmpty')}
      </Text>
    );
  }
  const name = ({ attribute }: Change, side: Change['from']): string =>
    side === null ? t('none') : label(attribute, side.code);
  return (
    <Timeline bulletSize={24} lineWidth={2} data-testid="history">
      {history.map((change, index) => (
        <Timeline.Item
          key={history.length - index}
          bullet={change.undo ? <ResetIcon /> : <PersonIcon />}
          title={
            <Text size="sm" fw={550}>
              {t('change', {
                attribute: title(change.attribute),
                from: name(change, change.from),
                to: name(change, change.to),
              })}
            </Text>
          }
        >
          <Text size="xs" c="dimmed">
            {change.actor} · {time(change.at)}
            {change.undo && ` · ${t('undoOf')}`}
          </Text>
        </Timeline.Item>
      ))}
    </Timeline>
  );
}
