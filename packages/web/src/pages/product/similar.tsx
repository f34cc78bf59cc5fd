import { Text } from '@mantine/core';
import { useSimilar } from '../../api/similar.ts';
import { Failure } from '../../common/failure.tsx';
import { ProductCard } from '../../common/product-card.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

/** Products of one row. */
const MOST = 6;

export function Similar({ id }: { readonly id: number }) {
  const t = useMessages(messages);
  const { data, error } = useSimilar(id, MOST);
  if (error !== null) return <Failure error={error} />;
  if (data?.products.length === 0) return <Text c="dimmed">{t('similarNone')}</Text>;
  return (
    <ul className="product-grid" data-testid="like-this">
      {data?.products.map((product) => (
        <li key={product.id}>
          <ProductCard product={product} />
        </li>
      ))}
    </ul>
  );
}
