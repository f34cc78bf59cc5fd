import { garments } from '@busana/vision';
import { describe, expect, it } from 'vitest';
import { contradictionOf } from '../src/catalogue/contradiction.ts';
import { doubtfulWords } from '../src/catalogue/understand.ts';
import { heedTitle } from '../src/imports/heed-title.ts';

const hoodie = { jenis: '1', warna: '3' };
const answer = (status: 'accept' | 'unknown') => ({
  prediction: { image: '', attributes: Object.entries(hoodie).map(([name, code]) => ({ name, code, label: code, confidence: 1, probabilities: {} })), joint_confidence: 1, status, reason: '', model: '' }, // prettier-ignore
  reasons: [],
  doubts: [],
  embedding: undefined,
});

describe('a title', () => {
  it.each([
    ['Hoodie hitam premium', null],
    ['Black and red hoodie', null],
    ['Nothing in particular', null],
    ['', null],
    ['Hoodie merah', { attribute: 'warna', said: ['0'], label: '3' }],
    ['Kaos putih, biru', { attribute: 'jenis', said: ['0'], label: '1' }],
    // A letter wrong is no statement.
    ['Hoodie kunibg', null],
  ])('%j against a black hoodie', (title, found) => {
    expect(contradictionOf(title, hoodie, garments)).toEqual(found);
  });

  it('that contradicts is for a person to look at', () => {
    const { prediction, reasons, doubts } = heedTitle(answer('accept'), { title: 'Hoodie merah' }, garments);
    expect([prediction.status, prediction.reason, reasons]).toEqual(['review', 'the title says red, the photo black', ['the title says red, the photo black']]); // prettier-ignore
    expect(doubts).toEqual([{ code: 'title-contradicts', attribute: 'warna', value: '3', said: ['0'] }]);
    expect(heedTitle(answer('unknown'), { title: 'Hoodie merah' }, garments).prediction.status).toBe('unknown');
    expect(heedTitle(answer('accept'), { title: 'Hoodie hitam' }, garments)).toEqual(answer('accept'));
  });
});

describe('words of a search', () => {
  it('are in doubt where they are nearly a name', () => {
    expect(doubtfulWords('kucing hodi hitam merag katun', garments)).toEqual(['kucing', 'hodi', 'merag']);
  });
});
