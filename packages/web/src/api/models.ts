/** @file Models that were ever trained or came with busana; one of them answers. */
import { architectureListSchema, modelListSchema } from '@busana/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { ask, askText } from './client.ts';
import { useRefresh } from './products.ts';
import { reviewer } from './reviewer.ts';

export type Model = z.infer<typeof modelListSchema>['models'][number];

/** A share with its interval at 95 %. */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export function useModels() {
  return useQuery({ queryKey: ['models'], queryFn: ({ signal }) => ask(modelListSchema, '/models', { signal }) });
}

/** Networks that a training can begin anew with. */
export function useArchitectures() {
  return useQuery({
    queryKey: ['architectures'],
    queryFn: ({ signal }) => ask(architectureListSchema, '/architectures', { signal }),
    staleTime: Infinity,
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
    mutationFn: (id: string) =>
      ask(z.unknown(), `/models/${id}/activate`, { method: 'POST', body: { who: reviewer() } }),
    onSuccess: refresh,
  });
}

/** The model that answered before the present one answers again. */
export function useRollback() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () => ask(z.unknown(), '/models/rollback', { method: 'POST', body: { who: reviewer() } }),
    onSuccess: refresh,
  });
}
