/** @file Small data sets: of one table, of two sources. */
import { join } from 'node:path';
import { folderWith, jpeg, trainPhotos } from './temporary.ts';

/** Path of a sources file with this text, beside these files and photos `shop/1.jpg` to `4.jpg`, `home/1.jpg` to `4.jpg`. */
export async function sourcesFile(text: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const names = [1, 2, 3, 4].flatMap((id) => [`shop/${id}.jpg`, `home/${id}.jpg`]);
  const photos = await Promise.all(names.map(async (name, index) => [name, await jpeg(index)] as const));
  return join(await folderWith({ 'all.yaml': text, ...files, ...Object.fromEntries(photos) }), 'all.yaml');
}

/** Tables of a shop and of photos taken at home. */
export const twoTables = {
  'shop/products.csv': 'id,colour,use\n1,Red,casual\n2,Blue,sport\n3,,casual\n4,Red,\n',
  'home/labels.csv': 'image,who,colour,type\n1,ann,green,shirt\n2,bob,RED,Not sure\n3,ann,blue,hat\n4,,,hat\n',
};
export const twoSources = `
- { data: shop/products.csv }
- { name: home, data: home/labels.csv, id: image, group: who, ignore: { type: [Not sure] } }
`;

/** A data set of a table with these columns besides the id. */
export async function tableWith(header: string, rows: readonly string[]): Promise<string> {
  const table = [`id,${header}`, ...rows.map((row, index) => `${index + 1},${row}`)].join('\n');
  return folderWith({ 'train.csv': table, ...(await trainPhotos(rows.length)) });
}
