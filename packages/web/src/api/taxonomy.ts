/** @file The attributes of the catalogue, and what people call them. */
import { taxonomySchema, type Attribute, type Taxonomy } from '@busana/contracts';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useLanguage } from '../i18n/language.tsx';
import { ask } from './client.ts';
import { namesIn } from '../common/names.ts';
import { reasonIn } from '../common/reasons.ts';

export type { Attribute, Taxonomy };

export function useTaxonomy() {
  const { data } = useSuspenseQuery({
    queryKey: ['taxonomy'],
    queryFn: ({ signal }) => ask(taxonomySchema, '/taxonomy', { signal }),
    staleTime: Infinity,
  });
  const { language } = useLanguage();
  return { taxonomy: data, ...namesIn(data, language), reason: reasonIn(data, language) };
}
