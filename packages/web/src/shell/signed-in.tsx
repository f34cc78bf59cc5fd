import { Button, Group, Text } from '@mantine/core';
import { ExitIcon, PersonIcon } from '@radix-ui/react-icons';
import { useSession, useSignOut } from '../api/session.ts';
import { useTell } from '../common/tell.tsx';
import { useMessages } from '../i18n/language.tsx';
import { shellMessages } from './messages.ts';

/** Who is in, and the way out; nothing where nobody has to sign in. */
export function SignedIn() {
  const t = useMessages(shellMessages);
  const tell = useTell();
  const { data } = useSession();
  const signOut = useSignOut();
  if (data?.login !== true) return null;
  return (
    <Group justify="space-between" wrap="nowrap" pt="sm" mt="auto">
      <Group gap={6} wrap="nowrap" miw={0}>
        <PersonIcon aria-hidden style={{ flexShrink: 0 }} />
        <Text size="sm" truncate title={`${data.name}, ${t(data.role)}`}>
          {data.name}
        </Text>
      </Group>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<ExitIcon />}
        loading={signOut.isPending}
        onClick={() => signOut.mutate(undefined, { onError: tell.failed })}
        style={{ flexShrink: 0 }}
      >
        {t('signOut')}
      </Button>
    </Group>
  );
}
