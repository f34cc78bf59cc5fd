/** @file How attributes go together: what was counted, and whether chance alone would do that. */
import { ScrollArea, Stack, Table, Text } from '@mantine/core';
import type { AttributePair } from '@busana/contracts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { messages } from './messages.ts';
import { Section } from '../../common/section.tsx';

export function AttributePairs({ pairs }: { readonly pairs: readonly AttributePair[] }) {
  const t = useMessages(messages);
  if (pairs.length === 0) return null;
  return (
    <Section title={t('pairs')}>
      <Stack gap="xl">
        {pairs.map((pair) => (
          <Pair key={`${pair.rows} ${pair.columns}`} pair={pair} />
        ))}
      </Stack>
    </Section>
  );
}

function Pair({ pair }: { readonly pair: AttributePair }) {
  const t = useMessages(messages);
  const { number, pValue } = useNumbers();
  const { title, label } = useTaxonomy();
  const { rows, columns, counts, row_codes: down, column_codes: across } = pair;
  const most = Math.max(1, ...counts.flat());
  return (
    <Stack gap="xs">
      <Text fw={650}>{t('pairTitle', { rows: title(rows), columns: title(columns) })}</Text>
      <ScrollArea type="auto" offsetScrollbars="x" viewportProps={{ tabIndex: 0 }}>
        <Table className="stock-matrix" withTableBorder>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{title(rows)}</Table.Th>
              {across.map((code) => (
                <Table.Th key={code} scope="col">
                  {label(columns, code)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {down.map((row, at) => (
              <Table.Tr key={row}>
                <Table.Th scope="row">{label(rows, row)}</Table.Th>
                {across.map((code, place) => {
                  const count = counts[at]?.[place] ?? 0;
                  const share = Math.round((40 * count) / most);
                  return (
                    <Table.Td key={code} bg={`color-mix(in srgb, var(--mantine-color-cyan-5) ${share}%, transparent)`}>
                      {number(count)}
                    </Table.Td>
                  );
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
      <Text size="sm">{t(pair.independence_rejected ? 'dependent' : 'independent')}</Text>
      <Text size="xs" c="dimmed">
        {t('statistics', {
          statistic: number(pair.statistic, 2),
          p: pValue(pair.p_value),
          v: number(pair.cramers_v, 3),
        })}
      </Text>
    </Stack>
  );
}
