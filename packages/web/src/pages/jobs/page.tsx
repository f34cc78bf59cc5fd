/** @file What goes on behind the pages, for admins: queues, workers, and what could not be done. */
import { Badge, Group, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useJobs, type JobsState } from '../../api/jobs.ts';
import { Failure } from '../../common/failure.tsx';
import { PageTitle } from '../../common/page-title.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { GivenUp } from './given-up.tsx';
import { messages } from './messages.ts';

export function Jobs() {
  const t = useMessages(messages);
  const { data, error } = useJobs();
  return (
    <>
      <PageTitle title={t('title')} text={t('text')} />
      <Stack gap="lg">
        {error !== null && <Failure error={error} />}
        {data !== undefined && (
          <>
            <Queues queues={data.queues} />
            <Workers workers={data.workers} />
            <GivenUp dead={data.dead} />
          </>
        )}
      </Stack>
    </>
  );
}

const names = ['predict', 'train', 'analyze'] as const;

function Queues({ queues }: Pick<JobsState, 'queues'>) {
  const t = useMessages(messages);
  const rows = names.flatMap((name) => queues.filter((queue) => queue.name === name).map((queue) => ({ ...queue, name }))); // prettier-ignore
  return (
    <Paper withBorder p="lg">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('queue')}</Table.Th>
            <Table.Th ta="right">{t('waiting')}</Table.Th>
            <Table.Th ta="right">{t('active')}</Table.Th>
            <Table.Th ta="right">{t('dead')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ name, waiting, active, dead }) => (
            <Table.Tr key={name}>
              <Table.Td>{t(name)}</Table.Td>
              <Table.Td ta="right">{waiting}</Table.Td>
              <Table.Td ta="right">{active}</Table.Td>
              <Table.Td ta="right">{dead}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function Workers({ workers }: Pick<JobsState, 'workers'>) {
  const t = useMessages(messages);
  const { time } = useNumbers();
  return (
    <Paper withBorder p="lg" component="section" aria-label={t('workers')}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('workers')}
        </Title>
        {workers.length === 0 && <Text c="dimmed">{t('noWorker')}</Text>}
        {workers.map(({ id, host, process, queues, alive, started_at: since }) => (
          <Group key={id} gap="sm">
            <Badge variant="light" color={alive ? 'teal' : 'gray'} radius="sm" tt="none">
              {t(alive ? 'alive' : 'silent')}
            </Badge>
            <Text fw={600}>{host}</Text>
            <Text size="sm" c="dimmed">
              {t('process', { process: String(process) })} · {queues.join(', ')} · {time(since)}
            </Text>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
