/** @file One label for many products. */
import { useMutation } from '@tanstack/react-query';
import { z } from 'zod';
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
      ask(z.unknown(), '/products/attributes', { method: 'PATCH', body: { ids, attributes, who: reviewer() } }),
    onSuccess: refresh,
  });
}
