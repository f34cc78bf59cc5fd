/** @file Before and after, on the same photos. */
import { Alert, Group, Stack, Text } from '@mantine/core';
import type { Model, Share } from '../../api/models.ts';
import { IntervalBar } from '../../common/interval-bar.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { messages } from './messages.ts';

export function Comparison({ comparison }: { readonly comparison: NonNullable<Model['comparison']> }) {
  const t = useMessages(messages);
  const { percent, pValue } = useNumbers();
  const { photos, old_emr: before, new_emr: after, verdict, p_value: p, difference, proposed } = comparison;
  const points = (share: number): string => `${share > 0 ? '+' : ''}${percent(share, 1)}`;
  return (
    <Stack gap="xs">
      <Text size="sm" fw={650}>
        {t('comparison', { photos })}
      </Text>
      <ShareLine name={t('before')} share={before} />
      <ShareLine name={t('after')} share={after} />
      <Alert color={proposed ? 'teal' : 'yellow'} p="sm">
        <Text size="sm" fw={600}>
          {t(verdict)}
        </Text>
        {photos > 0 && (
          <Text size="sm">
            {t('test', {
              ...{ new: comparison.only_new_right, old: comparison.only_old_right, p: pValue(p) },
              ...{ value: points(difference.value), low: points(difference.low), high: points(difference.high) },
            })}
          </Text>
        )}
      </Alert>
    </Stack>
  );
}

/** A share with its interval, as a bar and in numbers. */
export function ShareLine({ name, share }: { readonly name: string; readonly share: Share }) {
  const t = useMessages(messages);
  const { percent } = useNumbers();
  const { value, low, high } = share;
  const text = t('interval', { value: percent(value, 1), low: percent(low, 1), high: percent(high, 1) });
  return (
    <Group gap="md" wrap="nowrap">
      <Text size="sm" w={{ base: 88, sm: 150 }}>
        {name}
      </Text>
      <div style={{ flex: 1, minWidth: 60, maxWidth: 420 }}>
        <IntervalBar share={share} label={`${name}: ${text}`} />
      </div>
      <Text size="sm" style={{ fontVariantNumeric: 'tabular-nums' }}>
        {text}
      </Text>
    </Group>
  );
}
