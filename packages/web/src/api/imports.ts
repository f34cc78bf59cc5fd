/** @file Imports: begun with files or a folder, followed to their end, cancelled. */
import { importSchema, type ImportState } from '@busana/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ask } from './client.ts';
import { useProgress } from './events.ts';
import { useRefresh } from './products.ts';

/** Files go as a form, a folder of the server's machine by its path. */
export function useStartImport() {
  return useMutation({
    mutationFn: (given: readonly File[] | string) => {
      if (typeof given === 'string') return ask(importSchema, '/imports', { method: 'POST', body: { folder: given } });
      const body = new FormData();
      for (const file of given) body.append('file', file, file.name);
      return ask(importSchema, '/imports', { method: 'POST', body });
    },
  });
}

const ended = ({ state }: ImportState): boolean => state !== 'running';

/** How far an import is; the catalogue is asked for anew when it has ended. */
export function useImport(id: number | undefined) {
  const first = useQuery({
    queryKey: ['imports', id],
    queryFn: ({ signal }) => ask(importSchema, `/imports/${id}`, { signal }),
    enabled: id !== undefined,
  });
  const running = first.data !== undefined && !ended(first.data);
  const told = useProgress(importSchema, running ? `/imports/${id}/events` : undefined, ended);
  const refresh = useRefresh();
  const over = told !== undefined && ended(told);
  useEffect(() => {
    if (over) void refresh();
    // Once, when it has ended.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [over]);
  return { state: told ?? first.data, error: first.error };
}

export function useCancelImport() {
  return useMutation({ mutationFn: (id: number) => ask(importSchema, `/imports/${id}/cancel`, { method: 'POST' }) });
}
