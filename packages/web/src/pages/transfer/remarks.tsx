import { Anchor, ScrollArea, Table, Title } from '@mantine/core';
import { Link } from 'wouter';
import type { ImportState } from '@busana/contracts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

/** Photos that were not taken, and why. */
export function Remarks({ remarks }: { readonly remarks: ImportState['remarks'] }) {
  const t = useMessages(messages);
  const { reason: said } = useTaxonomy();
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
            {remarks.map(({ name, reason, product }, index) => (
              <Table.Tr key={index}>
                <Table.Td>{name}</Table.Td>
                <Table.Td>
                  {said(reason)}{' '}
                  {product !== null && (
                    <Anchor component={Link} href={`/catalogue/${product}`} size="sm">
                      {t('duplicateOf', { id: product })}
                    </Anchor>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
    </section>
  );
}
