/** @file Pieces by two attributes; every number leads to its products. */
import { Anchor, ScrollArea, Table } from '@mantine/core';
import type { z } from 'zod';
import type { stockSchema } from '@busana/contracts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { messages } from './messages.ts';
import { ValueSwatch } from '../../common/swatch.tsx';

interface StockMatrixProps {
  readonly stock: z.infer<typeof stockSchema>;
  /** Codes by attribute. */
  readonly onOpen: (labels: Readonly<Record<string, readonly string[]>>) => void;
}

export function StockMatrix({ stock: { rows, columns, matrix }, onOpen }: StockMatrixProps) {
  const t = useMessages(messages);
  const { number } = useNumbers();
  const { attribute, title, label } = useTaxonomy();
  const codes = (name: string) => (attribute(name)?.values ?? []).map(({ code }) => code);
  const pieces = (row: string, column: string): number => matrix[row]?.[column]?.pieces ?? 0;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const across = codes(columns);
  const down = codes(rows);
  return (
    <ScrollArea type="auto">
      <Table className="stock-matrix" verticalSpacing="sm" highlightOnHover captionSide="top">
        <Table.Caption>{t('stockCaption', { rows: title(rows), columns: title(columns) })}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{title(rows)}</Table.Th>
            {across.map((column) => (
              <Table.Th key={column} scope="col">
                <span style={{ display: 'inline-flex', gap: 6, alignItems: 'center' }}>
                  <ValueSwatch attribute={columns} code={column} />
                  {label(columns, column)}
                </span>
              </Table.Th>
            ))}
            <Table.Th scope="col">{t('total')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {down.map((row) => (
            <Table.Tr key={row}>
              <Table.Th scope="row">{label(rows, row)}</Table.Th>
              {across.map((column) => (
                <Table.Td key={column} data-cell={`${row},${column}`}>
                  {pieces(row, column) === 0 ? (
                    0
                  ) : (
                    <Anchor
                      component="button"
                      size="sm"
                      onClick={() => onOpen({ [rows]: [row], [columns]: [column] })}
                      aria-label={`${label(rows, row)}, ${label(columns, column)}: ${pieces(row, column)}`}
                    >
                      {number(pieces(row, column))}
                    </Anchor>
                  )}
                </Table.Td>
              ))}
              <Table.Td fw={650}>{number(sum(across.map((column) => pieces(row, column))))}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Th scope="row">{t('total')}</Table.Th>
            {across.map((column) => (
              <Table.Td key={column} fw={650}>
                {number(sum(down.map((row) => pieces(row, column))))}
              </Table.Td>
            ))}
            <Table.Td fw={650}>
              {number(sum(down.flatMap((row) => across.map((column) => pieces(row, column)))))}
            </Table.Td>
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </ScrollArea>
  );
}
