import { Anchor, ScrollArea, Table, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import type { ImportChange, ImportState } from '@busana/contracts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { useNumbers } from '../../i18n/numbers.ts';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

/** Photos that were not taken, and why; and what a table has changed of products that were there. */
export function Remarks({ remarks }: { readonly remarks: ImportState['remarks'] }) {
  const t = useMessages(messages);
  const describe = useChange();
  if (remarks.length === 0) return null;
  return (
    <section aria-label={t('remarks')}>
      <Title order={3} size="h6" mb={4}>
        {t('remarks')}
      </Title>
      <ScrollArea.Autosize mah={240} type="auto" viewportProps={{ tabIndex: 0 }}>
        <Table verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('file')}</Table.Th>
              <Table.Th>{t('reason')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {remarks.map(({ name, state, reason, product, same_as: original, warning, changes }, index) => (
              <Table.Tr key={index}>
                <Table.Td>{name}</Table.Td>
                <Table.Td>
                  {state === 'failed' && reason}
                  {original !== null && `${t('samePicture', { id: original })} `}
                  {product !== null && (
                    <Anchor component={Link} href={`/catalogue/${product}`} size="sm">
                      {t(changes.length > 0 ? 'changed' : state === 'added' ? 'product' : 'duplicateOf', {
                        id: product,
                      })}
                    </Anchor>
                  )}
                  {changes.length > 0 && ` ${changes.map(describe).join(', ')}`}
                  {warning !== '' && <Text size="sm">{warning}</Text>}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
    </section>
  );
}

/** `price: 120 → 99`, `colour: red → blue` */
function useChange(): (change: ImportChange) => string {
  const t = useMessages(messages);
  const { number } = useNumbers();
  const { attribute, label, title } = useTaxonomy();
  const fields = { sku: t('sku'), title: t('fieldTitle'), price: t('price'), quantity: t('quantity') };
  return ({ field, ...change }) => {
    const said = (value: string | number | null): string => {
      if (value === null || value === '') return t('nothing');
      if (typeof value === 'number') return number(value, 2);
      return attribute(field) === undefined ? value : label(field, value);
    };
    const name = Object.hasOwn(fields, field) ? fields[field as keyof typeof fields] : title(field).toLowerCase();
    return t('change', { field: name, from: said(change.from), to: said(change.to) });
  };
}
