/** @file Products: lists with facets, the stock matrix, one with its history, corrections. */
import { productDetailsSchema, productPageSchema, stockSchema } from '@busana/contracts';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { asQuery, type Filter } from '../common/filter.ts';
import { ask } from './client.ts';
import { reviewer } from './reviewer.ts';

export type ProductPage = z.infer<typeof productPageSchema>;
export type Card = ProductPage['products'][number];
export type Details = z.infer<typeof productDetailsSchema>;

const PAGE = 60;

export function useProducts(filter: Filter) {
  return useInfiniteQuery({
    queryKey: ['products', 'list', filter],
    queryFn: ({ pageParam, signal }) => {
      const page = { limit: PAGE, ...(pageParam !== null && { before: pageParam }) };
      return ask(productPageSchema, '/products', { query: { ...asQuery(filter), ...page }, signal });
    },
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
}

export function useStock(filter: Filter) {
  return useQuery({
    queryKey: ['products', 'stock', filter],
    queryFn: ({ signal }) => ask(stockSchema, '/products/stock', { query: asQuery(filter), signal }),
    placeholderData: keepPreviousData,
  });
}

export function useProduct(id: number) {
  return useQuery({
    queryKey: ['products', 'one', id],
    queryFn: ({ signal }) => ask(productDetailsSchema, `/products/${id}`, { signal }),
  });
}

/** Never changes while the page is open, or must not change under somebody's hands. */
const kept: readonly unknown[] = ['taxonomy', 'review'];

/** Everything that is shown of products is asked for anew. */
export function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ predicate: ({ queryKey }) => !kept.includes(queryKey[0]) });
}

export interface Correction {
  readonly id: number;
  readonly attributes: Readonly<Record<string, string | null>>;
}

/** Saved at once; the product as it then is. */
export function useCorrect() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ id, attributes }: Correction) =>
      ask(productDetailsSchema, `/products/${id}/attributes`, {
        method: 'PATCH',
        body: { attributes, who: reviewer() },
      }),
    onSuccess: refresh,
  });
}

export function useUndo() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (id: number) =>
      ask(productDetailsSchema, `/products/${id}/undo`, { method: 'POST', body: { who: reviewer() } }),
    onSuccess: refresh,
  });
}
