/** @file One label for many products. */
import { Button, Group, NativeSelect, Paper, Text } from '@mantine/core';
import { useState } from 'react';
import { useCorrectMany, useUndoMany } from '../../api/bulk.ts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { useTell } from '../../common/tell.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

interface BulkEditProps {
  readonly ids: readonly number[];
  readonly onNone: () => void;
  readonly onAll: () => void;
  /** When it is saved; nothing is selected then. */
  readonly onDone?: (labels: Readonly<Record<string, string>>) => void;
}

export function BulkEdit({ ids, onNone, onAll, onDone = onNone }: BulkEditProps) {
  const t = useMessages(messages);
  const tell = useTell();
  const { attributes, title, label } = useTaxonomy();
  const [labels, setLabels] = useState<Readonly<Record<string, string>>>({});
  const change = useCorrectMany();
  const chosen = Object.fromEntries(Object.entries(labels).filter(([, code]) => code !== ''));
  const undo = useUndoMany();
  const onSuccess = ({ batch, products }: { readonly batch: string; readonly products: number }): void => {
    const back = (): void => undo.mutate(batch, { onSuccess: () => tell.done(t('takenBack')), onError: tell.failed });
    tell.done(t('applied', { count: products }), { label: t('undo'), act: back });
    setLabels({});
    onDone(chosen);
  };
  return (
    <Paper
      withBorder
      p="sm"
      component="section"
      aria-label={t('editTitle')}
      pos="sticky"
      top={64}
      style={{ zIndex: 2 }}
    >
      <Group gap="sm" align="flex-end">
        <Text fw={650} role="status">
          {t('selected', { count: ids.length })}
        </Text>
        {attributes.map(({ name, values }) => (
          <NativeSelect
            key={name}
            size="xs"
            label={title(name)}
            value={labels[name] ?? ''}
            onChange={({ currentTarget }) => setLabels({ ...labels, [name]: currentTarget.value })}
            data={[
              { value: '', label: t('unchanged') },
              ...values.map(({ code }) => ({ value: code, label: label(name, code) })),
            ]}
          />
        ))}
        <Button
          size="xs"
          disabled={Object.keys(chosen).length === 0}
          loading={change.isPending}
          onClick={() => change.mutate({ ids, attributes: chosen }, { onSuccess, onError: tell.failed })}
        >
          {t('apply', { count: ids.length })}
        </Button>
        <Button size="xs" variant="default" onClick={onAll}>
          {t('selectAll')}
        </Button>
        <Button size="xs" variant="default" onClick={onNone}>
          {t('selectNone')}
        </Button>
      </Group>
    </Paper>
  );
}
