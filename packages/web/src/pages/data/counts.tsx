import { Group, Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import type { AttributeCounts } from '@busana/contracts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { ValueSwatch } from '../../common/swatch.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { messages } from './messages.ts';
import { Section } from '../../common/section.tsx';

/** How many products have each value. */
export function Counts({ attributes }: { readonly attributes: readonly AttributeCounts[] }) {
  const t = useMessages(messages);
  const { title, label } = useTaxonomy();
  return (
    <Section title={t('counts')}>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        {attributes.map(({ name, values, missing }) => {
          const most = Math.max(1, missing, ...values.map(({ count }) => count));
          return (
            <Stack key={name} gap="xs">
              <Text fw={650}>{title(name)}</Text>
              {values.map(({ code, count }) => (
                <Bar key={code} name={label(name, code)} attribute={name} code={code} count={count} most={most} />
              ))}
              {missing > 0 && <Bar name={t('missing')} attribute={name} code="" count={missing} most={most} />}
            </Stack>
          );
        })}
      </SimpleGrid>
    </Section>
  );
}

interface BarProps {
  readonly name: string;
  readonly attribute: string;
  readonly code: string;
  readonly count: number;
  readonly most: number;
}

function Bar({ name, attribute, code, count, most }: BarProps) {
  const { number } = useNumbers();
  return (
    <div>
      <Group justify="space-between" mb={2}>
        <Group gap={6}>
          <ValueSwatch attribute={attribute} code={code} />
          <Text size="sm">{name}</Text>
        </Group>
        <Text size="sm">{number(count)}</Text>
      </Group>
      <Progress
        value={(100 * count) / most}
        color="var(--mantine-primary-color-filled)"
        aria-label={`${name}: ${count}`}
      />
    </div>
  );
}
