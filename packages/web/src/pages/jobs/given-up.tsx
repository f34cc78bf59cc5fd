/** @file Jobs that could not be done: tried again, or let go. */
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useChangeJob, type DeadJob } from '../../api/jobs.ts';
import { useTell } from '../../common/tell.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { messages } from './messages.ts';

export function GivenUp({ dead }: { readonly dead: readonly DeadJob[] }) {
  const t = useMessages(messages);
  return (
    <Paper withBorder p="lg" component="section" aria-label={t('givenUp')}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('givenUp')}
        </Title>
        <Text c="dimmed">{t(dead.length === 0 ? 'nothing' : 'givenUpText')}</Text>
        {dead.map((job) => (
          <DeadCard key={job.id} job={job} />
        ))}
      </Stack>
    </Paper>
  );
}

function DeadCard({ job }: { readonly job: DeadJob }) {
  const t = useMessages(messages);
  const tell = useTell();
  const { time } = useNumbers();
  const [retry, discard] = [useChangeJob('retry'), useChangeJob('discard')];
  const { id, kind, of, photos, reason, failed_at: at } = job;
  const what = of === null ? '' : photos === null ? t('ofOne', { id: of }) : t('ofImport', { id: of, photos });
  const failed = { onError: tell.failed };
  return (
    <Group justify="space-between" align="flex-start">
      <Stack gap={2} maw={640}>
        <Text fw={600}>
          {t(kind)} {what}
        </Text>
        <Text size="sm" c="red" style={{ overflowWrap: 'anywhere' }}>
          {reason}
        </Text>
        <Text size="sm" c="dimmed">
          {time(at)}
        </Text>
      </Stack>
      <Group gap="xs">
        <Button size="xs" variant="default" loading={retry.isPending} onClick={() => retry.mutate(id, failed)}>
          {t('retry')}
        </Button>
        <Button size="xs" variant="default" loading={discard.isPending} onClick={() => discard.mutate(id, failed)}>
          {t('discard')}
        </Button>
      </Group>
    </Group>
  );
}
