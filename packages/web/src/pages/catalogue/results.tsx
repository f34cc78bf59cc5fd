/** @file The products of a list, page by page, and what can be done with those selected. */
import { Button, Center } from '@mantine/core';
import { useState } from 'react';
import type { useProducts } from '../../api/products.ts';
import { ProductCard } from '../../common/product-card.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { BulkEdit } from './bulk-edit.tsx';
import { messages } from './messages.ts';

export function Results({ list }: { readonly list: ReturnType<typeof useProducts> }) {
  const t = useMessages(messages);
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const products = (list.data?.pages ?? []).flatMap((page) => page.products);
  const select = (id: number, on: boolean): void => {
    const next = new Set(selected);
    if (on) next.add(id);
    else next.delete(id);
    setSelected(next);
  };
  return (
    <>
      {selected.size > 0 && (
        <BulkEdit
          ids={[...selected]}
          onNone={() => setSelected(new Set())}
          onAll={() => setSelected(new Set(products.map(({ id }) => id)))}
        />
      )}
      <ul className="product-grid" data-testid="products">
        {products.map((product) => (
          <li key={product.id}>
            <ProductCard
              product={product}
              selected={selected.has(product.id)}
              onSelect={(on) => select(product.id, on)}
            />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Center>
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('more')}
          </Button>
        </Center>
      )}
    </>
  );
}
