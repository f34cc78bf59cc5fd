/** @file Products that look like a photo, or like another product. */
import { lookAlikesSchema } from '@busana/contracts';
import { useQuery } from '@tanstack/react-query';
import { ask } from './client.ts';

const MOST = 24;

export function useSearchByPhoto(photo: File) {
  return useQuery({
    queryKey: ['products', 'by-photo', photo.name, photo.size, photo.lastModified],
    queryFn: ({ signal }) => {
      const body = new FormData();
      body.append('photo', photo, photo.name);
      return ask(lookAlikesSchema, '/products/search-by-photo', {
        method: 'POST',
        query: { limit: MOST },
        body,
        signal,
      });
    },
  });
}

export function useSimilar(id: number, limit: number) {
  return useQuery({
    queryKey: ['products', 'similar', id, limit],
    queryFn: ({ signal }) => ask(lookAlikesSchema, `/products/${id}/similar`, { query: { limit }, signal }),
  });
}
