/** @file Products that a person should look at, the most doubtful first, and what reviewers say of them. */
import {
  agreementSchema,
  productDetailsSchema,
  reviewOrders,
  reviewPageSchema,
  type ReviewPage,
} from '@busana/contracts';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { ask } from './client.ts';
import { useRefresh } from './products.ts';
import { reviewer } from './reviewer.ts';

export const orders = reviewOrders;
export type Order = (typeof reviewOrders)[number];
export type ReviewItem = ReviewPage['items'][number];

const PAGE = 40;

/** It stays as it was loaded while somebody works on it: what is done does not vanish from under their hands. */
export function useReviewQueue(by: Order, who: string) {
  return useInfiniteQuery({
    queryKey: ['review', by, who],
    queryFn: ({ pageParam, signal }) =>
      ask(reviewPageSchema, '/review', { query: { by, who, limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    gcTime: 0,
  });
}

/** Says that all labels of a product are right. */
export function useConfirm() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (id: number) =>
      ask(productDetailsSchema, `/review/${id}/confirm`, { method: 'POST', body: { who: reviewer() } }),
    onSuccess: refresh,
  });
}

export function useAgreement() {
  return useQuery({
    queryKey: ['agreement'],
    queryFn: ({ signal }) => ask(agreementSchema, '/review/agreement', { signal }),
  });
}
