/** @file The demo catalogue: drawn photos that come and go with one click. */
import { demoStateSchema, importSchema } from '@busana/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { ask } from './client.ts';
import { useRefresh } from './products.ts';

export function useDemo() {
  return useQuery({ queryKey: ['demo'], queryFn: ({ signal }) => ask(demoStateSchema, '/demo', { signal }) });
}

/** @returns the import that brings the photos */
export function useLoadDemo() {
  const refresh = useRefresh();
  return useMutation({ mutationFn: () => ask(importSchema, '/demo', { method: 'POST' }), onSuccess: refresh });
}

export function useRemoveDemo() {
  const refresh = useRefresh();
  return useMutation({ mutationFn: () => ask(z.unknown(), '/demo', { method: 'DELETE' }), onSuccess: refresh });
}
