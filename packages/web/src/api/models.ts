/** @file Models that were ever trained or came with busana; one of them answers. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { ask, askText } from './client.ts';
import { useRefresh } from './products.ts';

const shareSchema = z.object({ value: z.number(), low: z.number(), high: z.number() });
export type Share = z.infer<typeof shareSchema>;

const modelSchema = z.object({
  id: z.string(),
  name: z.string(),
  hash: z.string(),
  active: z.boolean(),
  created_at: z.string(),
  /** `shipped`, or the training it comes from. */
  origin: z.string(),
  metrics: z.looseObject({ emr: shareSchema.optional() }).nullable(),
  /** With the model that answered before it, on the same photos that neither has learnt from. */
  comparison: z
    .object({
      photos: z.int(),
      old: shareSchema,
      new: shareSchema,
      /** Paired exact test of McNemar. */
      p_value: z.number(),
      verdict: z.string(),
      sentence: z.string(),
    })
    .nullable(),
});
export type Model = z.infer<typeof modelSchema>;

export function useModels() {
  return useQuery({
    queryKey: ['models'],
    queryFn: ({ signal }) => ask(z.object({ models: z.array(modelSchema) }), '/models', { signal }),
  });
}

/** Markdown. */
export function useModelCard(id: string) {
  return useQuery({
    queryKey: ['models', id, 'card'],
    queryFn: ({ signal }) => askText(`/models/${id}/card`, { signal }),
    staleTime: Infinity,
  });
}

export function useActivate() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (id: string) => ask(z.unknown(), `/models/${id}/activate`, { method: 'POST' }),
    onSuccess: refresh,
  });
}

/** The model that answered before the present one answers again. */
export function useRollback() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () => ask(z.unknown(), '/models/rollback', { method: 'POST' }),
    onSuccess: refresh,
  });
}
