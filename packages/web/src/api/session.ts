/** @file Who is in: everybody on the server's own machine, elsewhere whoever has a token. */
import { sessionSchema } from '@busana/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { ask } from './client.ts';

export function useSession() {
  return useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => ask(sessionSchema, '/session', { signal }),
    staleTime: Infinity,
  });
}

/** The server forgets nothing; the browser has no token any more. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ask(z.unknown(), '/session', { method: 'DELETE' }),
    onSuccess: () => client.resetQueries(),
  });
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => ask(sessionSchema, '/session', { method: 'POST', body: { token } }),
    onSuccess: () => client.resetQueries(),
  });
}
