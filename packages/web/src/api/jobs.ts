/** @file Jobs behind the pages: how many there are, who does them, and those that could not be done. */
import { jobsSchema, type JobsState } from '@busana/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from './client.ts';

export type { JobsState };
export type DeadJob = JobsState['dead'][number];

/** Milliseconds between two looks. */
const LOOK = 3000;

export function useJobs() {
  return useQuery({
    queryKey: ['jobs'],
    queryFn: ({ signal }) => ask(jobsSchema, '/jobs', { signal }),
    refetchInterval: LOOK,
  });
}

/** Tries one again that could not be done, or lets it go. */
export function useChangeJob(how: 'retry' | 'discard') {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      how === 'retry'
        ? ask(jobsSchema, `/jobs/${id}/retry`, { method: 'POST' })
        : ask(jobsSchema, `/jobs/${id}`, { method: 'DELETE' }),
    onSuccess: (state) => client.setQueryData(['jobs'], state),
  });
}
