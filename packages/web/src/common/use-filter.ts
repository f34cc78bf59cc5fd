import { useLocation, useSearch } from 'wouter';
import { useTaxonomy } from '../api/taxonomy.ts';
import { addressOfFilter, readFilter, type Filter } from './filter.ts';

/** The filter in the address of the page, and how to go to another. */
export function useFilter(): readonly [Filter, (filter: Filter) => void] {
  const { attributes } = useTaxonomy();
  const [path, navigate] = useLocation();
  const filter = readFilter(
    useSearch(),
    attributes.map(({ name }) => name),
  );
  return [filter, (next) => navigate(addressOfFilter(path, next), { replace: next.q !== filter.q })];
}
