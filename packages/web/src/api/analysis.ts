/** @file What the catalogue's own photos and labels say as a whole. */
import { analysisSchema } from '@busana/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { ask } from './client.ts';

const catalogueAnalysisSchema = z.object({
  state: z.enum(['none', 'running', 'done', 'failed']),
  /** Why it failed. */
  reason: z.string().default(''),
  finished_at: z.string().nullable(),
  analysis: analysisSchema.nullable(),
  /** Product of each photo that the analysis names. */
  products: z.record(z.string(), z.int()).default({}),
});
export type CatalogueAnalysis = z.infer<typeof catalogueAnalysisSchema>;

/** Milliseconds between looks at one that is running. */
const LOOK = 2000;

export function useAnalysis() {
  return useQuery({
    queryKey: ['analysis'],
    queryFn: ({ signal }) => ask(catalogueAnalysisSchema, '/analysis', { signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? LOOK : false),
  });
}

export function useStartAnalysis() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ask(z.unknown(), '/analysis', { method: 'POST' }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['analysis'] }),
  });
}
