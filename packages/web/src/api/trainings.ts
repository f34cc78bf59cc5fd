/** @file Trainings on what people have said: begun, followed epoch by epoch, cancelled, resumed. */
import { trainingListSchema, trainingRequestSchema, trainingSchema, type Training } from '@busana/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from './client.ts';
import { useProgress } from './events.ts';

export type { Training };
export type Approach = Training['approach'];
export const approaches: readonly Approach[] = ['heads', 'fine-tuning'];

export function isOver({ state }: Training): boolean {
  return state !== 'running';
}

export function useTrainings() {
  return useQuery({
    queryKey: ['trainings'],
    queryFn: ({ signal }) => ask(trainingListSchema, '/trainings', { signal }),
  });
}

/** As it goes on. */
export function useTraining(training: Training): Training {
  const path = isOver(training) ? undefined : `/trainings/${training.id}/events`;
  return useProgress(trainingSchema, path, isOver) ?? training;
}

export interface NewTraining {
  readonly name: string;
  readonly approach: Approach;
  readonly epochs?: number;
  /** Id of the model to start from; default: the active one. */
  readonly model?: string;
  /** Network to begin anew with instead, with random weights. */
  readonly architecture?: string;
  /** A data set in a zip; default: what people have confirmed. */
  readonly data?: File;
}

export function useStartTraining() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, data, ...rest }: NewTraining) => {
      const body = trainingRequestSchema.parse({ ...rest, ...(name !== '' && { name }) });
      if (data === undefined) return ask(trainingSchema, '/trainings', { method: 'POST', body });
      const form = new FormData();
      for (const field of ['name', 'approach', 'epochs', 'model', 'architecture'] as const) {
        const value = body[field];
        if (value !== undefined) form.append(field, String(value));
      }
      form.append('data', data, data.name);
      return ask(trainingSchema, '/trainings', { method: 'POST', body: form });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['trainings'] }),
  });
}

/** Cancels or resumes. */
export function useChangeTraining(how: 'cancel' | 'resume') {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => ask(trainingSchema, `/trainings/${id}/${how}`, { method: 'POST' }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['trainings'] }),
  });
}
