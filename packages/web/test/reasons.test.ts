/** @file What the server says in English, said anew in the language of the page. */
import { garments } from '@busana/vision';
import { describe, expect, it } from 'vitest';
import { reasonIn, reasonsOf } from '../src/common/reasons.ts';

const [en, id] = (['en', 'id'] as const).map((language) => reasonIn(garments, language)) as [(reason: string) => string, (reason: string) => string]; // prettier-ignore

describe('reasons', () => {
  it.each([
    ['unsure about warna: red 55 %', 'Unsure about colour: red, 55 %', 'Ragu soal warna: merah, 55 %'],
    [
      'predicted red, pixels say dark navy (biru dongker tua)',
      'The model says red, the pixels dark navy',
      'Model membaca merah, pikselnya biru dongker tua',
    ],
    ['the title says hoodie, the photo T-shirt', 'The title says hoodie, the photo T-shirt', 'Judulnya menyebut hoodie, fotonya kaos'], // prettier-ignore
    ['the same picture as product 12', 'The same picture as product 12', 'Gambar yang sama dengan produk 12'],
    ['a banner decides: warna red falls from 0.91 to 0.20 without it', 'A banner decides: without it colour red is not seen', 'Spanduk yang menentukan: tanpanya warna merah tidak terbaca'], // prettier-ignore
    ['200 drawn photos', '200 drawn photos', '200 foto gambar'],
    ['several pictures in one', 'Several pictures in one', 'Beberapa gambar dalam satu foto'],
  ])('%s', (reason, english, indonesian) => {
    expect([en(reason), id(reason)]).toEqual([english, indonesian]);
  });

  it('are shown as they came where they have another form', () => {
    expect(id('something new')).toBe('something new');
  });

  it('are told apart', () => {
    expect(reasonsOf('')).toEqual([]);
    expect(reasonsOf('a; b')).toEqual(['a', 'b']);
  });
});
