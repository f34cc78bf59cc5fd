/** @file One model: where it comes from, how good it is, and whether it should answer. */
import { Alert, Badge, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { CheckIcon, ExclamationTriangleIcon } from '@radix-ui/react-icons';
import { useState } from 'react';
import { useActivate, type Model } from '../../api/models.ts';
import { useTell } from '../../common/tell.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { CardText } from './card-text.tsx';
import { Comparison, ShareLine } from './comparison.tsx';
import { messages } from './messages.ts';

/** @param answering the model that answers, where the active one cannot */
export function ModelCard({ model, answering }: { readonly model: Model; readonly answering: Model }) {
  const t = useMessages(messages);
  const tell = useTell();
  const { time } = useNumbers();
  const activate = useActivate();
  const [open, setOpen] = useState(false);
  const { id, name, hash, active, origin, comparison, metrics, problem } = model;
  return (
    <Paper withBorder p="lg" component="article" aria-label={name} data-model={id} data-active={active || undefined}>
      <Stack gap="md">
        <Group justify="space-between">
          <div>
            <Group gap="sm">
              <Text fw={650} size="lg">
                {name}
              </Text>
              {active && (
                <Badge color="teal" variant="light" leftSection={<CheckIcon />} radius="sm" tt="none">
                  {t('active')}
                </Badge>
              )}
              {!active && id === answering.id && (
                <Badge color="yellow" variant="light" radius="sm" tt="none">
                  {t('answering')}
                </Badge>
              )}
            </Group>
            <Text size="sm" c="dimmed">
              {origin === 'shipped' ? t('shipped') : t('trained', { origin: String(origin) })} ·{' '}
              {time(model.created_at)} · {hash.slice(0, 8)}
            </Text>
          </div>
          {!active && (
            <Button
              loading={activate.isPending}
              onClick={() =>
                activate.mutate(id, { onSuccess: () => tell.done(t('activated', { name })), onError: tell.failed })
              }
            >
              {t('activate')}
            </Button>
          )}
        </Group>
        {problem !== null && (
          <Alert color="red" icon={<ExclamationTriangleIcon />} title={t('problem')}>
            {problem} {active && id !== answering.id && t('instead', { name: answering.name })}
          </Alert>
        )}
        {comparison === null ? (
          metrics !== null && <ShareLine name={t('emr')} share={metrics.emr} />
        ) : (
          <Comparison comparison={comparison} />
        )}
        <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary>{t('card')}</summary>
          {open && <CardText id={id} />}
        </details>
      </Stack>
    </Paper>
  );
}
