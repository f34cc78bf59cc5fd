import type { Taxonomy } from '@busana/contracts';

/** The taxonomy of data with the columns `id,jenis,warna` (interface.md, "Data sets"). */
export const garments: Taxonomy = {
  id: 'id',
  attributes: [
    {
      name: 'jenis',
      titles: { en: 'type', id: 'jenis' },
      kind: 'shape',
      values: [
        { code: '0', names: { en: 'T-shirt', id: 'kaos' }, aliases: ['tee', 'tshirt', 't shirt'] },
        { code: '1', names: { en: 'hoodie', id: 'hoodie' }, aliases: ['hodie', 'jaket hoodie'] },
      ],
    },
    {
      name: 'warna',
      titles: { en: 'colour', id: 'warna' },
      kind: 'colour',
      values: [
        { code: '0', names: { en: 'red', id: 'merah' }, aliases: ['maroon'] },
        { code: '1', names: { en: 'yellow', id: 'kuning' }, aliases: [] },
        { code: '2', names: { en: 'blue', id: 'biru' }, aliases: ['navy'] },
        { code: '3', names: { en: 'black', id: 'hitam' }, aliases: [] },
        { code: '4', names: { en: 'white', id: 'putih' }, aliases: [] },
      ],
    },
  ],
};
