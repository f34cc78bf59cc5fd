/** @file How far an answer is to be trusted. */
import { Badge } from '@mantine/core';
import { useMessages } from '../i18n/language.tsx';
import { statusMessages } from './messages.ts';

export type Status = keyof typeof statusMessages;
export const statuses: readonly Status[] = ['accept', 'review', 'unknown', 'error'];
const colours: Readonly<Record<Status, string>> = { accept: 'teal', review: 'yellow', unknown: 'grape', error: 'red' };

export function StatusBadge({ status }: { readonly status: Status }) {
  const t = useMessages(statusMessages);
  return (
    <Badge variant="light" color={colours[status]} radius="sm" tt="none" fw={600} style={{ flexShrink: 0 }}>
      {t(status)}
    </Badge>
  );
}
