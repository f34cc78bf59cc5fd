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
}

export function useStartTraining() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, ...rest }: NewTraining) => {
      const body = trainingRequestSchema.parse({ ...rest, ...(name !== '' && { name }) });
      return ask(trainingSchema, '/trainings', { method: 'POST', body });
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
