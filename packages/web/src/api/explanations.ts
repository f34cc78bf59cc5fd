/** @file Why the model answers as it does. */
import { useMutation } from '@tanstack/react-query';
import { z } from 'zod';
import { ask } from './client.ts';

const explanationAnswerSchema = z.object({
  attributes: z.array(
    z.object({
      name: z.string(),
      code: z.string(),
      label: z.string(),
      /** The photo with the heat map over it, as a `data:` address. */
      overlay: z.string(),
      share_on_garment: z.number().nullable(),
      warnings: z.array(z.string()),
    }),
  ),
});

/** The fastest method that any architecture takes. */
const METHOD = 'gradcam';

export function useExplanation() {
  return useMutation({
    mutationFn: (photo: File) => {
      const body = new FormData();
      body.append('method', METHOD);
      body.append('photo', photo, photo.name);
      return ask(explanationAnswerSchema, '/explanations', { method: 'POST', body });
    },
  });
}
