/** @file Why the model doubts, in both languages, from the parts that the server tells. */
import { reasonSchema, type Reason } from '@busana/contracts';
import { garments, reasonText } from '@busana/vision';
import { describe, expect, it } from 'vitest';
import { reasonIn, sayReasons } from '../src/common/reasons.ts';

const [en, id] = [reasonIn(garments, 'en'), reasonIn(garments, 'id')];
const navy = { en: 'dark navy', id: 'biru dongker tua' };
const white = { en: 'white', id: 'putih' };
const warna = { attribute: 'warna', value: '0' };

const told: readonly (readonly [reason: Reason, command: string, english: string, indonesian: string])[] = [
  [{ code: 'unsure', ...warna, confidence: 0.546 }, 'unsure about warna: red 55 %', 'Unsure about colour: red, 55 %', 'Ragu soal warna: merah, 55 %'], // prettier-ignore
  [{ code: 'pixels-object', ...warna, colour: navy }, 'predicted red, pixels say dark navy (biru dongker tua)', 'The model says red, the pixels dark navy', 'Model membaca merah, pikselnya biru dongker tua'], // prettier-ignore
  [{ code: 'between-values', attribute: 'warna', colour: navy, values: ['3', '2'] }, 'dark navy (biru dongker tua) lies between black and blue', 'dark navy lies between black and blue', 'biru dongker tua ada di antara hitam dan biru'], // prettier-ignore
  [{ code: 'stripes', colours: [navy, white] }, 'stripes of dark navy (biru dongker tua) and white (putih)', 'Stripes of dark navy and white', 'Garis biru dongker tua dan putih'], // prettier-ignore
  [{ code: 'title-contradicts', attribute: 'jenis', value: '0', said: ['1'] }, 'the title says hoodie, the photo T-shirt', 'The title says hoodie, the photo T-shirt', 'Judulnya menyebut hoodie, fotonya kaos'], // prettier-ignore
  [{ code: 'banner-decides', ...warna, from: 0.912, to: 0.2 }, 'a banner decides: warna red falls from 0.91 to 0.20 without it', 'A banner decides: without it colour red is not seen', 'Spanduk yang menentukan: tanpanya warna merah tidak terbaca'], // prettier-ignore
  [{ code: 'beside-garment', ...warna, share: 0.31 }, 'only 31 % of what speaks about warna red lies on the garment', 'Only 31 % of what counts lies on the garment', 'Hanya 31 % dari yang diperhitungkan ada pada pakaian'], // prettier-ignore
  [
    { code: 'several-pictures' },
    'several pictures in one',
    'Several pictures in one',
    'Beberapa gambar dalam satu foto',
  ],
];

describe('reasons', () => {
  it.each(told)('%o', (reason, command, english, indonesian) => {
    expect(reasonSchema.parse(reason)).toEqual(reason);
    expect([reasonText(reason, garments), en(reason), id(reason)]).toEqual([command, english, indonesian]);
  });

  it('of before they had parts are shown as they came', () => {
    expect(sayReasons(id, { doubts: [], reasons: ['in the words of then'] })).toEqual(['in the words of then']);
    expect(sayReasons(id, { doubts: [{ code: 'heather' }], reasons: ['heather (misty)'] })).toEqual(['Misty: benang terang dan gelap bercampur']); // prettier-ignore
  });
});
