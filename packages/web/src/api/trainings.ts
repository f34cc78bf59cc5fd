/** @file Trainings on what people have said: begun, followed epoch by epoch, cancelled, resumed. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { ask } from './client.ts';
import { useProgress } from './events.ts';

export const approaches = ['heads', 'fine-tuning'] as const;
export type Approach = (typeof approaches)[number];

const trainingSchema = z.object({
  id: z.union([z.int(), z.string()]),
  name: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'cancelled', 'failed']),
  approach: z.string(),
  /** Why it failed. */
  reason: z.string().default(''),
  /** Of each epoch: `epoch`, `train_loss`, `val_loss`, `emr`, and `<attribute>_accuracy`. */
  epochs: z.array(z.record(z.string(), z.number().nullable())).default([]),
  log: z.array(z.string()).default([]),
  seconds_left: z.number().nullable().default(null),
  created_at: z.string(),
  finished_at: z.string().nullable().default(null),
});
export type Training = z.infer<typeof trainingSchema>;

const listSchema = z.object({ trainings: z.array(trainingSchema) });

export function isOver({ state }: Training): boolean {
  return state !== 'running' && state !== 'waiting';
}

export function useTrainings() {
  return useQuery({ queryKey: ['trainings'], queryFn: ({ signal }) => ask(listSchema, '/trainings', { signal }) });
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
      const body = { data: 'catalogue', ...rest, ...(name !== '' && { name }) };
      return ask(trainingSchema, '/trainings', { method: 'POST', body });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['trainings'] }),
  });
}

/** Cancels or resumes. */
export function useChangeTraining(how: 'cancel' | 'resume') {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: Training['id']) => ask(trainingSchema, `/trainings/${id}/${how}`, { method: 'POST' }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['trainings'] }),
  });
}
