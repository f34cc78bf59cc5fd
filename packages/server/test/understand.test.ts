import { garments } from '@busana/vision';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { understand } from '../src/catalogue/understand.ts';

const read = (query: string) => understand(query, garments);

describe('what a search says', () => {
  it('is the same in both languages', () => {
    const redShirts = { labels: { jenis: ['0'], warna: ['0'] }, words: [] };
    for (const query of ['kaos merah', 'red t-shirt', 'Red Tee', 'merah kaos', 'red tshirts', 't shirt, red!']) {
      expect(read(query), query).toEqual(redShirts);
    }
  });

  it('may have a letter wrong in words that are long enough', () => {
    for (const query of ['hodie hitam', 'hoodei hitam', 'hoodie hitm', 'hoodies black', 'jaket hoodie hitam']) {
      expect(read(query), query).toEqual({ labels: { jenis: ['1'], warna: ['3'] }, words: [] });
    }
    expect(read('rad')).toEqual({ labels: {}, words: ['rad'] });
  });

  it('may name several values, and words that no attribute has', () => {
    expect(read('merah atau biru, panda')).toEqual({ labels: { warna: ['0', '2'] }, words: ['atau', 'panda'] });
  });

  it('takes a word that titles have for itself', () => {
    expect(read('kaos kucing').labels).toEqual({ jenis: ['0'], warna: ['1'] });
    const known = new Set(['kucing']);
    expect(understand('kaos kucing', garments, known)).toEqual({ labels: { jenis: ['0'] }, words: ['kucing'] });
    expect(understand('kaos kuning', garments, known).labels).toEqual({ jenis: ['0'], warna: ['1'] });
  });

  it('never fails, and loses no word', () => {
    fc.assert(
      fc.property(fc.string(), (query) => {
        const { labels, words } = read(query);
        expect(words.every((word) => word !== '')).toBe(true);
        expect(Object.values(labels).flat().length + words.length > 0 || query.trim().length === 0 || !/\p{L}|\p{N}/u.test(query)).toBe(true); // prettier-ignore
      }),
    );
  });
});
