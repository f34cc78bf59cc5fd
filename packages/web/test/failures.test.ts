/** @file Failures in the language of the page, with what the server says of them below. */
import { errorTable } from '@busana/contracts';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../src/api/client.ts';
import { describeFailure } from '../src/common/errors/describe.ts';

const failure = (code: keyof typeof errorTable, message: string, remedy: string = errorTable[code].remedy) =>
  new ApiError(code, message, remedy);

describe('a failure', () => {
  it('is told by its code, and below in the words of the server', () => {
    const error = failure('PRODUCT_NOT_FOUND', 'there is no product 12');
    expect(describeFailure(error, 'id')).toEqual({
      title: 'Produk itu tidak ada',
      remedy: 'Muat ulang halaman: mungkin sudah dihapus.',
      details: ['there is no product 12'],
    });
    expect(describeFailure(error, 'en').title).toBe('There is no such product');
  });

  it('keeps what the place that has failed knows better than the table', () => {
    const error = failure('USAGE', "there is no attribute 'ukuran'", 'The attributes are jenis, warna.');
    expect(describeFailure(error, 'id').details).toEqual(["there is no attribute 'ukuran'", 'The attributes are jenis, warna.']); // prettier-ignore
  });

  it('says nothing of the command line, where a page can do nothing with it', () => {
    for (const code of Object.keys(errorTable) as (keyof typeof errorTable)[]) {
      for (const language of ['en', 'id'] as const) {
        const { title, remedy, details } = describeFailure(failure(code, 'what happened'), language);
        expect([title, remedy].join(' '), code).not.toMatch(/ --|busana |openapi/);
        expect(details, code).toEqual(['what happened']);
      }
    }
  });

  it('of a code that the page does not know, or of none, is told as it came', () => {
    expect(describeFailure(new ApiError('LATER', 'what', 'do this'), 'id')).toEqual({ title: 'Itu tidak berhasil', remedy: 'do this', details: ['what'] }); // prettier-ignore
    expect(describeFailure(new Error('what'), 'id')).toEqual({ title: 'Itu tidak berhasil', remedy: '', details: ['what'] }); // prettier-ignore
    expect(describeFailure(new ApiError('UNREACHABLE', 'Failed to fetch'), 'id').details).toEqual([]);
  });
});
