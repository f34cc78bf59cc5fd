/** @file What a training starts from: a model whose network goes on, or a network that knows nothing yet. */
import { Select, Text } from '@mantine/core';
import { useArchitectures, useModels } from '../../api/models.ts';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { messages } from './messages.ts';

/** Null: the active model. */
export type Start = { readonly model: string } | { readonly architecture: string } | null;

interface StartFromProps {
  readonly start: Start;
  readonly onChange: (start: Start) => void;
}

const ANEW = 'architecture ';

export function StartFrom({ start, onChange }: StartFromProps) {
  const t = useMessages(messages);
  const { number } = useNumbers();
  const models = useModels().data?.models ?? [];
  const architectures = useArchitectures().data?.architectures ?? [];
  const groups = [
    { group: t('models'), items: models.map(({ id, name }) => ({ value: id, label: `${name} · ${id.slice(0, 8)}` })) },
    {
      group: t('anew'),
      items: architectures.map(({ name, parameters }) => ({
        value: `${ANEW}${name}`,
        label: t('network', { name, parameters: number(parameters / 1e6, 1) }),
      })),
    },
  ];
  const change = (value: string | null): void => {
    if (value === null) onChange(null);
    else onChange(value.startsWith(ANEW) ? { architecture: value.slice(ANEW.length) } : { model: value });
  };
  return (
    <div>
      <Select
        label={t('base')}
        description={t('baseHint')}
        placeholder={models.find(({ active }) => active)?.name ?? ''}
        data={groups}
        clearable
        value={start === null ? null : 'model' in start ? start.model : `${ANEW}${start.architecture}`}
        onChange={change}
      />
      {start !== null && 'architecture' in start && (
        <Text size="sm" mt={4} role="status">
          {t('anewText')}
        </Text>
      )}
    </div>
  );
}
