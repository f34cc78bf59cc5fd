/** @file Loss and right answers epoch by epoch, as curves and as numbers. */
import { ScrollArea, SimpleGrid, Table } from '@mantine/core';
import type { Training } from '../../api/trainings.ts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { LineChart } from '../../common/line-chart.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { messages } from './messages.ts';

export function Curves({ epochs }: { readonly epochs: Training['history'] }) {
  const t = useMessages(messages);
  const { number, percent } = useNumbers();
  const { attributes, title } = useTaxonomy();
  const line = (column: string, name: string) => ({ name, values: epochs.map((epoch) => epoch[column] ?? null) });
  const losses = [line('train_loss', t('train_loss')), line('val_loss', t('val_loss'))];
  const shares = [
    line('emr', t('emr')),
    ...attributes.map(({ name }) => line(`${name}_accuracy`, title(name).toLowerCase())),
  ].slice(0, 4);
  const write = (value: number | null, how: (value: number) => string): string => (value === null ? '–' : how(value));
  return (
    <>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <LineChart title={t('loss')} lines={losses} format={(value) => number(value, 2)} />
        <LineChart title={t('accuracy')} lines={shares} format={(value) => percent(value)} range={[0, 1]} />
      </SimpleGrid>
      <details>
        <summary>{t('table')}</summary>
        <ScrollArea.Autosize mah={260} viewportProps={{ tabIndex: 0 }}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('epoch')}</Table.Th>
                {[...losses, ...shares].map(({ name }) => (
                  <Table.Th key={name}>{name}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {epochs.map((_, epoch) => (
                <Table.Tr key={epoch}>
                  <Table.Td>{epoch + 1}</Table.Td>
                  {losses.map(({ name, values }) => (
                    <Table.Td key={name}>{write(values[epoch]!, (value) => number(value, 4))}</Table.Td>
                  ))}
                  {shares.map(({ name, values }) => (
                    <Table.Td key={name}>{write(values[epoch]!, (value) => percent(value, 1))}</Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      </details>
    </>
  );
}
