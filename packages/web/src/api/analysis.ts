/** @file What the catalogue's own photos and labels say as a whole. */
import { catalogueAnalysisSchema, type CatalogueAnalysis } from '@busana/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from './client.ts';

export type { CatalogueAnalysis };
/** What was found. */
export type Findings = NonNullable<CatalogueAnalysis['analysis']>;

/** Milliseconds between looks at one that is running. */
const LOOK = 1000;

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
    mutationFn: () => ask(catalogueAnalysisSchema, '/analysis', { method: 'POST' }),
    onSuccess: (begun) => client.setQueryData(['analysis'], begun),
  });
}
