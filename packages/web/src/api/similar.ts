/** @file Products that look like a photo, or like another product. */
import { productSchema } from '@busana/contracts';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { ask } from './client.ts';

/** The most alike first; `similarity` is the cosine of the embeddings. */
const similarSchema = z.object({ products: z.array(productSchema.extend({ similarity: z.number() })) });

const MOST = 24;

export function useSearchByPhoto(photo: File) {
  return useQuery({
    queryKey: ['products', 'by-photo', photo.name, photo.size, photo.lastModified],
    queryFn: ({ signal }) => {
      const body = new FormData();
      body.append('photo', photo, photo.name);
      return ask(similarSchema, '/products/search-by-photo', { method: 'POST', query: { limit: MOST }, body, signal });
    },
  });
}

export function useSimilar(id: number, limit: number) {
  return useQuery({
    queryKey: ['products', 'similar', id, limit],
    queryFn: ({ signal }) => ask(similarSchema, `/products/${id}/similar`, { query: { limit }, signal }),
  });
}
