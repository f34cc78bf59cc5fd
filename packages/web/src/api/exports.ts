/** @file The catalogue as files. */
import { useMutation } from '@tanstack/react-query';
import { addressOf, askFile } from './client.ts';

export const formats = ['csv', 'shopify', 'woocommerce'] as const;

export function addressOfExport(format: (typeof formats)[number]): string {
  return addressOf('/exports/products', { format });
}

/** The rows of a sample, filled in. */
export function useSubmission() {
  return useMutation({
    mutationFn: (sample: File) => {
      const body = new FormData();
      body.append('sample', sample, sample.name);
      return askFile('/exports/submission', { method: 'POST', body });
    },
  });
}
