/** @file Short news at the bottom of the page, read out by screen readers. */
import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useFailure } from './failure.tsx';

/** What can be done about the news, e.g. to take it back. */
interface Reaction {
  readonly label: string;
  readonly act: () => void;
}

/** Milliseconds: long enough to decide that it was a mistake. */
const DECIDE = 12_000;

export function useTell() {
  const describe = useFailure();
  return {
    done: (message: string, reaction?: Reaction): void => {
      if (reaction === undefined) notifications.show({ message, color: 'teal' });
      else
        notifications.show({ message: <Reacting message={message} {...reaction} />, color: 'teal', autoClose: DECIDE });
    },
    failed: (error: unknown): void => {
      const { title, remedy, details } = describe(error);
      notifications.show({ title, message: [remedy, ...details].join(' ').trim(), color: 'red', autoClose: false });
    },
  };
}

function Reacting({ message, label, act }: { readonly message: string } & Reaction) {
  return (
    <Group justify="space-between">
      {message}
      <Button size="compact-sm" variant="light" onClick={act}>
        {label}
      </Button>
    </Group>
  );
}
