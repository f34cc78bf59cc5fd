import { describe, expect, it } from 'vitest';
import { entriesOf, type ImportEntry } from '../src/imports/entries.ts';

const entries = (...lines: string[]) =>
  entriesOf({ photos: [], table: { name: 'shop.csv', bytes: Buffer.from(lines.join('\n')) } }, []);
const brief = ({ name, product, failure }: ImportEntry) => [name, product, failure];

describe('a table of Shopify', () => {
  const header =
    'Handle,Title,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Image Src,Image Position,Variant Image';

  it('is a product per handle, with its photos, and the pieces of all its variants', () => {
    const found = entries(header, 'kaos,Kaos polos,S,K-S,3,99.50,https://a.example/1.jpg,1,', 'kaos,,M,K-M,4,99.50,https://a.example/2.jpg,2,', 'kaos,,L,K-L,-2,99.50,,,', 'hodie,Hodie,S,,0,,https://a.example/3.jpg?v=1,1,'); // prettier-ignore
    const kaos = { key: 'kaos', sku: 'K-S', title: 'Kaos polos', price: 99.5, quantity: 7 };
    expect(found.map(brief)).toEqual([
      ['https://a.example/1.jpg', kaos, ''],
      ['https://a.example/2.jpg', kaos, ''],
      ['https://a.example/3.jpg?v=1', { key: 'hodie', title: 'Hodie', quantity: 0 }, ''],
    ]);
    expect(found[0]!.location).toEqual({ kind: 'address', address: 'https://a.example/1.jpg' });
  });

  it('is a product per variant where they have photos of their own', () => {
    const found = entries(header, 'kaos,Kaos,Red,R,3,10,https://a.example/r.jpg,1,https://a.example/r.jpg', 'kaos,,Blue,B,4,11,https://a.example/b.jpg,2,https://a.example/b.jpg', 'kaos,,,,,,https://a.example/size.jpg,3,'); // prettier-ignore
    const red = { key: 'kaos', sku: 'R', title: 'Kaos', price: 10, quantity: 3 };
    expect(found.map(brief)).toEqual([
      ['https://a.example/r.jpg', red, ''],
      ['https://a.example/size.jpg', red, ''],
      ['https://a.example/b.jpg', { key: 'kaos https://a.example/b.jpg', sku: 'B', title: 'Kaos', price: 11, quantity: 4 }, ''], // prettier-ignore
    ]);
  });

  it('has the titles of the newer template too, and says what is wrong', () => {
    const found = entries('Title,URL handle,SKU,Price,Inventory quantity,Product image URL', 'A,a,A-1,cheap,many,https://a.example/1.jpg', 'B,b,B-1,1,1,'); // prettier-ignore
    expect(found.map(brief)).toEqual([
      ['https://a.example/1.jpg', {}, "shop.csv, row 2: the price 'cheap' is no number like 99.50; 'many' is no number of pieces"], // prettier-ignore
      ['B', {}, "shop.csv, row 3: there is no photo 'B'; the product has no photo"],
    ]);
  });
});

describe('a table of WooCommerce', () => {
  it('is a product per row, its variations being pieces of it, or products with photos of their own', () => {
    const found = entries(
      'ID,Type,SKU,Name,Stock,Sale price,Regular price,Images,Parent',
      '10,simple,S-1,"\'=Kaos",5,,120,"https://a.example/1.jpg, https://a.example/2.jpg",',
      '11,variable,V,Hoodie,,,,https://a.example/3.jpg,',
      '12,variation,V-S,Hoodie - S,2,80,100,,id:11',
      '13,variation,V-M,Hoodie - M,3.0,,100,,V',
      '14,variable,W,Polo,,,,https://a.example/w.jpg,',
      '15,variation,W-R,Polo - red,1,,50,https://a.example/wr.jpg,id:14',
      '16,variation,W-B,Polo - blue,4,,60,https://a.example/wb.jpg,id:14',
    );
    expect(found.map(({ name, product: { key, ...product } }) => [name, product])).toEqual([
      ['https://a.example/1.jpg', { sku: 'S-1', title: '=Kaos', price: 120, quantity: 5 }],
      ['https://a.example/2.jpg', { sku: 'S-1', title: '=Kaos', price: 120, quantity: 5 }],
      ['https://a.example/3.jpg', { sku: 'V', title: 'Hoodie', price: 80, quantity: 5 }],
      ['https://a.example/wr.jpg', { sku: 'W', title: 'Polo', price: 50, quantity: 1 }],
      ['https://a.example/w.jpg', { sku: 'W', title: 'Polo', price: 50, quantity: 1 }],
      ['https://a.example/wb.jpg', { sku: 'W-B', title: 'Polo', price: 60, quantity: 4 }],
    ]);
    expect(new Set(found.map(({ product }) => product.key)).size).toBe(4);
  });
});
