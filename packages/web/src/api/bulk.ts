/** @file One label for many products, and how it is taken back at once. */
import { batchSchema } from '@busana/contracts';
import { useMutation } from '@tanstack/react-query';
import { ask } from './client.ts';
import { useRefresh } from './products.ts';
import { reviewer } from './reviewer.ts';

export interface BulkCorrection {
  readonly ids: readonly number[];
  readonly attributes: Readonly<Record<string, string>>;
}

export function useCorrectMany() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ ids, attributes }: BulkCorrection) =>
      ask(batchSchema, '/products/attributes', { method: 'PATCH', body: { ids, attributes, who: reviewer() } }),
    onSuccess: refresh,
  });
}

export function useUndoMany() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (batch: string) =>
      ask(batchSchema, '/products/attributes/undo', { method: 'POST', body: { batch, who: reviewer() } }),
    onSuccess: refresh,
  });
}
