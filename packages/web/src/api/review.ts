/** @file Products that a person should look at, the most doubtful first, and what reviewers say of them. */
import { productSchema } from '@busana/contracts';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { ask } from './client.ts';
import { reviewer } from './reviewer.ts';

/** By how unsure the model is, or by how little a label that stands fits the photo. */
export const orders = ['doubt', 'labels'] as const;
export type Order = (typeof orders)[number];

const reviewItemSchema = productSchema.extend({
  attributes: z.array(
    z.object({
      name: z.string(),
      code: z.string(),
      label: z.string(),
      probability: z.number().nullable(),
      /** Probability per code. */
      classes: z.record(z.string(), z.number()),
    }),
  ),
  reasons: z.array(z.string()),
  /** How likely a label is wrong, 0..1; null where nothing is known. */
  label_issue: z.number().nullable(),
});
export type ReviewItem = z.infer<typeof reviewItemSchema>;

const reviewPageSchema = z.object({
  items: z.array(reviewItemSchema),
  next: z.string().nullable(),
  progress: z.object({ reviewed: z.int(), waiting: z.int() }),
});

const agreementSchema = z.object({
  pairs: z.array(
    z.object({
      reviewers: z.tuple([z.string(), z.string()]),
      /** Products that both have judged. */
      products: z.int(),
      attributes: z.array(
        z.object({
          name: z.string(),
          /** Share of equal judgements, 0..1. */
          agreement: z.number(),
          /** Cohen's kappa; null where chance alone would agree always. */
          kappa: z.number().nullable(),
        }),
      ),
    }),
  ),
});
export type Agreement = z.infer<typeof agreementSchema>;

const PAGE = 40;

/** It stays as it was loaded while somebody works on it: what is done does not vanish from under their hands. */
export function useReviewQueue(by: Order) {
  return useInfiniteQuery({
    queryKey: ['review', by],
    queryFn: ({ pageParam, signal }) =>
      ask(reviewPageSchema, '/review', { query: { by, limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    gcTime: 0,
  });
}

/** Says that all labels of a product are right. */
export function useConfirm() {
  return useMutation({
    mutationFn: (id: number) =>
      ask(z.unknown(), `/review/${id}/confirm`, { method: 'POST', body: { who: reviewer() } }),
  });
}

export function useAgreement() {
  return useQuery({
    queryKey: ['agreement'],
    queryFn: ({ signal }) => ask(agreementSchema, '/review/agreement', { signal }),
  });
}
