import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../src/api/client.ts';
import { addressOfFilter, asQuery, isEmpty, readFilter, toggle, type Filter } from '../src/common/filter.ts';

const names = ['jenis', 'warna'];
const codes = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 3 });
const filters: fc.Arbitrary<Filter> = fc
  .record({ q: fc.string(), status: codes, jenis: codes, warna: codes })
  .map(({ q, status, ...labels }) => ({
    ...{ q, status },
    labels: Object.fromEntries(Object.entries(labels).filter(([, chosen]) => chosen.length > 0)),
  }));

describe('a filter', () => {
  it('comes back from the address it stands in', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const { search } = new URL(addressOfFilter('/catalogue', filter), 'http://shop');
        expect(readFilter(search, names)).toEqual(filter);
      }),
    );
  });

  it('is asked of the server with the same parameters', () => {
    const filter = { q: 'kaos merah', status: ['review'], labels: { warna: ['0', '3'] } };
    expect(addressOf('/products', asQuery(filter))).toBe('/api/v1/products?q=kaos+merah&status=review&warna=0&warna=3');
    expect(addressOf('/products', asQuery(readFilter('', names)))).toBe('/api/v1/products');
  });

  it('is the same after a value was put in and taken out', () => {
    fc.assert(
      fc.property(filters, fc.constantFrom('status', ...names), (filter, name) => {
        const there = toggle(filter, name, 'a value of its own');
        expect(isEmpty(there)).toBe(false);
        expect(toggle(there, name, 'a value of its own')).toEqual(filter);
      }),
    );
  });

  it('leaves what belongs to others in the address alone', () => {
    expect(isEmpty(readFilter('?import=3&page=2', names))).toBe(true);
  });
});
