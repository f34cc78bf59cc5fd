import { Alert, Table } from '@mantine/core';
import type { Details } from '../../api/products.ts';
import { ReasonList } from '../../common/reason-list.tsx';
import { SamePicture } from '../../common/same-picture.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { messages } from './messages.ts';

/** What the shop and the model say beside labels. */
export function Facts({ product }: { readonly product: Details }) {
  const t = useMessages(messages);
  const { number, percent, price, time } = useNumbers();
  const { duplicate_of: original } = product;
  const { sku, price: amount, quantity, joint_confidence: joint, created_at: added, reason } = product;
  const rows: readonly (readonly [string, string])[] = [
    ...(sku === null ? [] : [[t('sku'), sku] as const]),
    ...(amount === null ? [] : [[t('price'), price(amount)] as const]),
    [t('quantity'), number(quantity)],
    ...(joint === null ? [] : [[t('joint'), percent(joint, 1)] as const]),
    [t('added'), time(added)],
  ];
  return (
    <>
      {(reason !== '' || original !== null) && (
        <Alert color="yellow" mb="sm" p="xs">
          <ReasonList doubts={product.doubts} reasons={reason === '' ? [] : reason.split('; ')} />
          {original !== null && <SamePicture id={original} />}
        </Alert>
      )}
      <Table variant="vertical" withRowBorders={false} verticalSpacing={4}>
        <Table.Tbody>
          {rows.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th w={160}>{name}</Table.Th>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}
