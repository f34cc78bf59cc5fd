import type { NewProduct } from '../../src/catalogue/add.ts';

/** Hash of the only model of a test. */
export const MODEL = 'a'.repeat(64);

/** A product that the model has read. */
export function garment(jenis: string, warna: string, more: Partial<NewProduct> = {}): NewProduct {
  return {
    photoHashes: [],
    status: 'accept',
    reason: '',
    jointConfidence: 0.9,
    labels: [
      { attribute: 'jenis', code: jenis, confidence: 0.95 },
      { attribute: 'warna', code: warna, confidence: 0.94 },
    ],
    ...more,
  };
}
