/** @file How far an import is, and what has become of its photos. */
import { Badge, Button, Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { ImportState } from '@busana/contracts';
import { useCancelImport, useImport } from '../../api/imports.ts';
import { Failure } from '../../common/failure.tsx';
import { duration, useSecondsLeft } from '../../common/time-left.ts';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';
import { Remarks } from './remarks.tsx';

export function ImportProgress({ id }: { readonly id: number }) {
  const { state, error } = useImport(id);
  if (error !== null) return <Failure error={error} />;
  return state === undefined ? null : <State key={String(state.receiving)} state={state} />;
}

/** Before the server has all of it. */
export function Sending({ files }: { readonly files: number }) {
  const t = useMessages(messages);
  return (
    <Paper withBorder p="lg" role="status">
      <Text fw={650} mb="xs">
        {t('sending', { count: files })}
      </Text>
      <Progress value={100} animated aria-label={t('sending', { count: files })} />
    </Paper>
  );
}

/** Photos come into the storage, then the model reads them: each takes its own time, and has its own bar. */
function State({ state }: { readonly state: ImportState }) {
  const t = useMessages(messages);
  const cancel = useCancelImport();
  const { id, total, added, duplicates, updated, warned, failed, reason, source, kind, receiving, received } = state;
  const done = receiving ? received + failed : total - state.waiting;
  const progress = t(receiving ? 'receiving' : 'progress', { done, total });
  const left = useSecondsLeft(done, total);
  const running = state.state === 'running';
  return (
    <Paper withBorder p="lg" component="section" aria-label={source} data-import={state.state}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Text fw={650} role="status">
            {t(state.state)}: {kind === 'named' ? source : t(kind, { count: total })}
          </Text>
          <Text size="sm" c="dimmed">
            {progress}
            {running && left !== undefined && ` · ${t('left', { time: duration(left) })}`}
          </Text>
        </Group>
        <Progress
          value={total === 0 ? 100 : (100 * done) / total}
          size="lg"
          animated={running}
          color={state.state === 'failed' ? 'red' : 'var(--mantine-primary-color-filled)'}
          aria-label={progress}
        />
        {reason !== '' && <Text c="red">{reason}</Text>}
        <Group gap="xs">
          <Tally color="teal" text={t('added', { count: added })} />
          {duplicates > 0 && <Tally color="gray" text={t('duplicates', { count: duplicates })} />}
          {updated > 0 && <Tally color="blue" text={t('updated', { count: updated })} />}
          {warned > 0 && <Tally color="yellow" text={t('warned', { count: warned })} />}
          {failed > 0 && <Tally color="red" text={t('failures', { count: failed })} />}
        </Group>
        <Group gap="xs">
          {running ? (
            <Button size="xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(id)}>
              {t('cancel')}
            </Button>
          ) : (
            <>
              <Button size="xs" component={Link} href="/catalogue">
                {t('toCatalogue')}
              </Button>
              <Button size="xs" variant="default" component={Link} href="/review">
                {t('toReview')}
              </Button>
            </>
          )}
        </Group>
        <Remarks remarks={state.remarks} />
      </Stack>
    </Paper>
  );
}

function Tally({ color, text }: { readonly color: string; readonly text: string }) {
  return (
    <Badge variant="light" color={color} radius="sm" tt="none" fw={600} size="lg">
      {text}
    </Badge>
  );
}
