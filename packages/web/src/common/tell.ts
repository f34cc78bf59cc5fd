import { notifications } from '@mantine/notifications';
import { useFailure } from './failure.tsx';

/** Short news at the bottom of the page, read out by screen readers. */
export function useTell() {
  const describe = useFailure();
  return {
    done: (message: string): void => void notifications.show({ message, color: 'teal' }),
    failed: (error: unknown): void => {
      const { title, message, remedy } = describe(error);
      notifications.show({ title, message: `${message} ${remedy}`.trim(), color: 'red', autoClose: false });
    },
  };
}
