/** @file One training: state, curves, log, and what can be done with it. */
import { Badge, Button, Code, Group, Paper, ScrollArea, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link } from 'wouter';
import { isOver, useChangeTraining, useTraining, type Training } from '../../api/trainings.ts';
import { duration } from '../../common/time-left.ts';
import { useTell } from '../../common/tell.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { Curves } from './curves.tsx';
import { messages } from './messages.ts';

const colours = { running: 'cyan', done: 'teal', cancelled: 'gray', failed: 'red' } as const;

export function TrainingCard({ training: listed }: { readonly training: Training }) {
  const t = useMessages(messages);
  const tell = useTell();
  const { time } = useNumbers();
  const training = useTraining(listed);
  const client = useQueryClient();
  const [cancel, resume] = [useChangeTraining('cancel'), useChangeTraining('resume')];
  const { id, name, state, reason, architecture, epochs, history, log, photos, seconds_left: left } = training;
  const ended = isOver(training) && !isOver(listed);
  useEffect(() => {
    if (ended) void client.invalidateQueries();
  }, [ended, client]);
  const failed = { onError: tell.failed };
  return (
    <Paper withBorder p="lg" component="article" aria-label={name} data-training={state}>
      <Stack>
        <Group justify="space-between">
          <Group gap="sm">
            <Text fw={650} size="lg">
              {name}
            </Text>
            <Badge variant="light" color={colours[state]} radius="sm" tt="none" role="status">
              {t(state)}
            </Badge>
            <Text size="sm" c="dimmed">
              {left === null || isOver(training) ? time(training.created_at) : t('left', { time: duration(left) })}
            </Text>
          </Group>
          <Group gap="xs">
            {!isOver(training) && (
              <Button size="xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(id, failed)}>
                {t('cancel')}
              </Button>
            )}
            {(state === 'cancelled' || state === 'failed') && (
              <Button size="xs" variant="default" loading={resume.isPending} onClick={() => resume.mutate(id, failed)}>
                {t('resume')}
              </Button>
            )}
            {state === 'done' && (
              <Button size="xs" component={Link} href="/models">
                {t('toModels')}
              </Button>
            )}
          </Group>
        </Group>
        {reason !== '' && <Text c="red">{reason}</Text>}
        <Text size="sm" c="dimmed">
          {training.data !== 'catalogue' && `${training.data} · `}
          {architecture !== null && `${t('fromAnew', { name: architecture })} · `}
          {t('progress', { done: history.length, epochs })}
          {photos.train !== null && ` · ${t('photos', { train: photos.train, evaluation: photos.evaluation ?? 0 })}`}
        </Text>
        {history.length > 0 ? <Curves epochs={history} /> : !isOver(training) && <Text c="dimmed">{t('noEpoch')}</Text>}
        {log.length > 0 && (
          <details open={!isOver(training)}>
            <summary>{t('log')}</summary>
            <ScrollArea.Autosize mah={180} mt="xs" viewportProps={{ tabIndex: 0 }}>
              <Code block>{log.map(({ line }) => line).join('\n')}</Code>
            </ScrollArea.Autosize>
          </details>
        )}
      </Stack>
    </Paper>
  );
}
