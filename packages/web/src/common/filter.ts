/** @file What the catalogue is filtered by, as it stands in the address of the page: it can be shared and gone back to. */
import type { Query } from '../api/client.ts';

export interface Filter {
  readonly q: string;
  readonly status: readonly string[];
  /** Codes by attribute. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
}

/** @param attributes names of the catalogue; whatever else stands in the address is somebody else's */
export function readFilter(search: string, attributes: readonly string[]): Filter {
  const parameters = new URLSearchParams(search);
  const named = attributes.map((name) => [name, parameters.getAll(name)] as const);
  return {
    q: parameters.get('q') ?? '',
    status: parameters.getAll('status'),
    labels: Object.fromEntries(named.filter(([, codes]) => codes.length > 0)),
  };
}

/** The same as the server takes it, and as it stands in an address. */
export function asQuery({ q, status, labels }: Filter): Query {
  return { ...(q !== '' && { q }), ...(status.length > 0 && { status }), ...labels };
}

/** With one value more, or one less when it is there. */
export function toggle(filter: Filter, name: string, code: string): Filter {
  const flip = (codes: readonly string[] = []) =>
    codes.includes(code) ? codes.filter((one) => one !== code) : [...codes, code];
  if (name === 'status') return { ...filter, status: flip(filter.status) };
  const { [name]: own, ...others } = filter.labels;
  const codes = flip(own);
  return { ...filter, labels: codes.length === 0 ? others : { ...others, [name]: codes } };
}

export function isEmpty({ q, status, labels }: Filter): boolean {
  return q === '' && status.length === 0 && Object.keys(labels).length === 0;
}

/** Of a page that is filtered so. */
export function addressOfFilter(path: string, { q, status, labels }: Filter): string {
  const named = Object.entries({ ...labels, status }).flatMap(([name, codes]) => codes.map((code) => [name, code]));
  const text = new URLSearchParams([...(q === '' ? [] : [['q', q]]), ...named]).toString();
  return text === '' ? path : `${path}?${text}`;
}
