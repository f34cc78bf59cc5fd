/** @file The classes of an attribute as bars, the likeliest first. */
import { Group, Progress, Stack, Text } from '@mantine/core';
import { useTaxonomy } from '../api/taxonomy.ts';
import { useNumbers } from '../i18n/numbers.ts';
import { ValueSwatch } from './swatch.tsx';

interface ProbabilitiesProps {
  readonly attribute: string;
  /** Probability per code. */
  readonly classes: Readonly<Record<string, number>>;
  /** Classes to show at most. */
  readonly most?: number;
}

export function Probabilities({ attribute, classes, most = 3 }: ProbabilitiesProps) {
  const { title, label } = useTaxonomy();
  const { percent } = useNumbers();
  const sorted = Object.entries(classes).toSorted(([, a], [, b]) => b - a);
  return (
    <Stack gap={6}>
      <Text size="xs" fw={650} tt="uppercase" c="dimmed" lts={0.4}>
        {title(attribute)}
      </Text>
      {sorted.slice(0, most).map(([code, probability], place) => (
        <div key={code}>
          <Group justify="space-between" gap="xs" wrap="nowrap" mb={2}>
            <Group gap={6} wrap="nowrap">
              <ValueSwatch attribute={attribute} code={code} />
              <Text size={place === 0 ? 'md' : 'sm'} fw={place === 0 ? 650 : 400} {...(place > 0 && { c: 'dimmed' })}>
                {label(attribute, code)}
              </Text>
            </Group>
            <Text size="sm" fw={place === 0 ? 650 : 400} style={{ fontVariantNumeric: 'tabular-nums' }}>
              {percent(probability, 1)}
            </Text>
          </Group>
          <Progress
            value={probability * 100}
            size={place === 0 ? 'md' : 'xs'}
            color={place === 0 ? 'var(--mantine-primary-color-filled)' : 'gray'}
            aria-label={`${title(attribute)}: ${label(attribute, code)}`}
          />
        </div>
      ))}
    </Stack>
  );
}
