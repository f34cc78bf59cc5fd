/** @file What is wrong with rows and photos of an import, in both languages, from the parts that the server tells. */
import { importNoteSchema, type ImportNote } from '@busana/contracts';
import { garments } from '@busana/vision';
import { describe, expect, it } from 'vitest';
import { hasDetails, noteIn } from '../src/pages/transfer/notes.ts';

const [en, id] = [noteIn(garments, 'en'), noteIn(garments, 'id')];
const row = { file: 'stok.csv', row: 3 };
const alone = { file: null, row: null };

const told: readonly (readonly [note: ImportNote, english: string, indonesian: string])[] = [
  [{ code: 'photo-missing', ...row, name: '5.jpg' }, 'stok.csv, row 3: no photo is called “5.jpg”', 'stok.csv, baris 3: tidak ada foto bernama “5.jpg”'], // prettier-ignore
  [{ code: 'price-invalid', ...row, cell: 'murah' }, 'stok.csv, row 3: the price “murah” is no number like 99.50', 'stok.csv, baris 3: harga “murah” bukan angka seperti 99.50'], // prettier-ignore
  [{ code: 'label-unknown', ...row, column: 'tipe', cell: 'rok', attribute: 'jenis' }, 'stok.csv, row 3: in the column “tipe”, “rok” is none of T-shirt, hoodie; the cell is passed over', 'stok.csv, baris 3: pada kolom “tipe”, “rok” bukan salah satu dari kaos, hoodie; sel itu dilewati'], // prettier-ignore
  [{ code: 'cell-contradicts', ...row, field: 'price', said: 8, counts: 9.5, first: 2 }, 'stok.csv, row 3: price “8” is not what row 2 says of the same product: “9.5” counts', 'stok.csv, baris 3: harga “8” berbeda dengan baris 2 dari produk yang sama: “9,5” yang berlaku'], // prettier-ignore
  [{ code: 'label-contradicts', ...row, attribute: 'warna', said: '0', counts: null, first: 2 }, 'stok.csv, row 3: colour “red” is not what row 2 says of the same product: “” counts', 'stok.csv, baris 3: warna “merah” berbeda dengan baris 2 dari produk yang sama: “” yang berlaku'], // prettier-ignore
  [{ code: 'product-missing', ...alone, sku: 'K-9' }, 'no photo, and no product has the number “K-9”', 'tidak ada foto, dan tidak ada produk bernomor “K-9”'], // prettier-ignore
  [{ code: 'photo-refused', ...alone, error: 'IMAGE_UNREADABLE' }, 'A photo cannot be read', 'Ada foto yang tidak bisa dibaca'], // prettier-ignore
  // Of a later server.
  [{ code: 'photo-refused', ...alone, error: 'NOT_KNOWN_YET' }, 'the photo cannot be taken', 'fotonya tidak bisa diambil'], // prettier-ignore
];

describe('notes of an import', () => {
  it.each(told)('%o', (note, english, indonesian) => {
    expect(importNoteSchema.parse(note)).toEqual(note);
    expect([en(note), id(note)]).toEqual([english, indonesian]);
  });

  it('have more to say where something has failed', () => {
    expect(told.filter(([note]) => hasDetails(note)).map(([{ code }]) => code)).toEqual(['photo-refused', 'photo-refused']); // prettier-ignore
  });
});
