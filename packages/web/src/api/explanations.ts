/** @file Why the model answers as it does. */
import { explanationAnswerSchema } from '@busana/contracts';
import { useMutation } from '@tanstack/react-query';
import { ask } from './client.ts';

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
