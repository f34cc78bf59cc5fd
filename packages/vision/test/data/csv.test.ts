import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTable } from '../../src/data/csv.ts';

const read = (text: string) => readTable(new TextEncoder().encode(text), 'table.csv');
const cells = (text: string) => read(text).rows.map((row) => row.cells);

describe('readTable', () => {
  it.each([
    ['a byte order mark', '\uFEFFid,a\n1,x\n2,y\n'],
    ['CRLF', 'id,a\r\n1,x\r\n2,y\r\n'],
    ['semicolons', 'id;a\n1;x\n2;y\n'],
    ['tabs', 'id\ta\n1\tx\n2\ty\n'],
    ['spaces around cells', 'id , a\n1, x \n 2 ,y\n'],
    ['empty lines', '\nid,a\n\n1,x\n\n2,y\n\n'],
    ['quotes', '"id","a"\n"1","x"\n"2","y"\n'],
    ['no last line end', 'id,a\n1,x\n2,y'],
    ['all of it', '\uFEFF"id";"a"\r\n\r\n"1"; x\r\n2;y'],
  ])('reads a table with %s', (_, text) => {
    const table = read(text);
    expect(table.header).toEqual(['id', 'a']);
    expect(table.rows.map((row) => row.cells)).toEqual([
      ['1', 'x'],
      ['2', 'y'],
    ]);
    expect(table.problems).toEqual([]);
  });

  it('reads UTF-16 as spreadsheets write it', () => {
    const bytes = Buffer.from('\uFEFFid\twarna\n1\tputih\n', 'utf16le');
    expect(readTable(bytes, 'table.csv').rows.map((row) => row.cells)).toEqual([['1', 'putih']]);
  });

  it('keeps separators, quotes and line breaks within quotes', () => {
    expect(cells('id,a\n1,"x, ""y""\nz"\n2,b\n')).toEqual([
      ['1', 'x, "y"\nz'],
      ['2', 'b'],
    ]);
  });

  it('tells the separator from the first line without its quotes', () => {
    expect(read('"id,of;the;photo";a\n1;x\n').header).toEqual(['id,of;the;photo', 'a']);
    expect(read('"id\nof, the, photo";a\n1;x\n').header).toEqual(['id\nof, the, photo', 'a']);
  });

  it('counts lines as an editor does, over line breaks in quotes and empty lines', () => {
    const lines = (text: string) => read(text).rows.map(({ line }) => line);
    expect(lines('id,a\n1,"x\ny"\n2,b\n\n3,c\n')).toEqual([2, 4, 6]);
    expect(lines('id,a\r\n1,"x\r\ny"\r\n2,b\r\n\r\n3,c\r\n')).toEqual([2, 4, 6]);
    expect(read('id,a\n\n1,"x\ny"\n\n2\n').problems).toEqual([
      { file: 'table.csv', row: 6, message: 'the row has 1 cell, the header 2' },
    ]);
  });

  it('gives back what was written, whatever the cells hold', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', ' ', '0'), maxLength: 5 });
    const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 });
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(table, fc.constantFrom(',', ';', '\t'), fc.constantFrom('\n', '\r\n'), (rows, separator, end) => {
        const text = [['p', 'q'], ...rows].map((row) => row.map(quoted).join(separator) + end).join('');
        expect(cells(text)).toEqual(rows.map((row) => row.map((text) => text.trim())));
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
