import { lookAlikesSchema, productDetailsSchema } from '@busana/contracts';
import { eq } from 'drizzle-orm';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { findProducts } from '../src/catalogue/find.ts';
import { photoFeatures, photos } from '../src/database/schema/photos.ts';
import { products } from '../src/database/schema/products.ts';
import { LookAlikes } from '../src/search/look-alikes.ts';
import { homes } from './support/homes.ts';
import { importingShop } from './support/importing.ts';
import { formOf } from './support/shop.ts';

/** Garment-like pictures that differ in shape and colour. */
async function picture(number: number): Promise<Buffer> {
  const [x, y] = [10 + ((number * 17) % 60), 10 + ((number * 29) % 50)];
  const colour = `hsl(${(number * 67) % 360} 70% ${30 + ((number * 13) % 40)}%)`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="128" height="128"><rect width="128" height="128" fill="#eee"/><rect x="${x}" y="${y}" width="${20 + ((number * 11) % 40)}" height="50" fill="${colour}"/><circle cx="${128 - x}" cy="${128 - y}" r="${6 + (number % 9)}" fill="#333"/></svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 95 }).toBuffer();
}

/** The same picture, smaller and compressed anew. */
const again = async (number: number) =>
  sharp(await picture(number))
    .resize(96, 96)
    .jpeg({ quality: 80 })
    .toBuffer();

describe.each(homes)('what looks alike, $name', ({ there, make }) => {
  describe.skipIf(!there)('in a catalogue', () => {
    const here = importingShop(make);

    const files = async (numbers: readonly number[]) =>
      formOf(
        ...(await Promise.all(
          numbers.map(async (number) => ['photo', await picture(number), `${number}.jpg`] as const),
        )),
      );
    const numbers = Array.from({ length: 24 }, (_, number) => number);
    const byPhoto = async (photo: Uint8Array, limit = 5) => {
      const found = await here.shop.post(
        `/api/v1/products/search-by-photo?limit=${limit}`,
        formOf(['photo', photo, 'x.jpg']),
      );
      expect(found.statusCode, found.body).toBe(200);
      return lookAlikesSchema.parse(found.json()).products;
    };
    const similar = async (id: number) =>
      lookAlikesSchema.parse((await here.shop.app.inject(`/api/v1/products/${id}/similar?limit=30`)).json()).products;
    const list = async () => (await findProducts(here.orm, {}, { limit: 200 })).toReversed();

    it('finds the photo itself first, and the same picture compressed anew', async () => {
      expect(await byPhoto(await picture(1))).toEqual([]);
      await here.run(await files(numbers));
      const known = await list();
      for (const number of [0, 7, 23]) {
        const [first, second] = await byPhoto(await picture(number));
        expect(first!.id).toBe(known[number]!.id);
        expect(first!.similarity).toBeGreaterThan(0.9999);
        expect(second!.similarity).toBeLessThanOrEqual(first!.similarity);
        expect((await byPhoto(await again(number)))[0]!.id).toBe(known[number]!.id);
      }
      const alike = await similar(known[3]!.id);
      expect(alike).toHaveLength(23);
      expect(alike.map(({ id }) => id)).not.toContain(known[3]!.id);
      expect(alike.map(({ similarity }) => similarity)).toEqual(alike.map(({ similarity }) => similarity).toSorted((a, b) => b - a)); // prettier-ignore
      // What another process adds or removes is known at once.
      const other = new LookAlikes(here.orm, () => here.shop.predictor.hash);
      const [{ appearance } = { appearance: Buffer.alloc(0) }] = await here.orm.select().from(photoFeatures).limit(1);
      expect(await other.find(Int8Array.from(appearance), 100)).toHaveLength(24);
      await here.run(await files([24, 25]));
      expect(await other.find(Int8Array.from(appearance), 100)).toHaveLength(26);
      await here.orm.delete(products).where(eq(products.id, known[7]!.id));
      expect((await byPhoto(await picture(7), 26)).map(({ id }) => id)).not.toContain(known[7]!.id);
      expect(await byPhoto(await picture(7), 26)).toHaveLength(25);
    });

    it('shows a product once, however many photos of it are alike', async () => {
      const rows = ['image,sku', '1.jpg,A', '2.jpg,A', '3.jpg,B'];
      const form = await files([1, 2, 3]);
      form.append('table', new Blob([rows.join('\n')]), 'stock.csv');
      await here.run(form);
      const [a, b] = await list();
      expect((await byPhoto(await picture(2))).map(({ id }) => id)).toEqual([a!.id, b!.id]);
    });

    it('flags the same picture in another file, within an import and against the catalogue', async () => {
      const form = await files([1, 2]);
      form.append('photo', new Blob([Uint8Array.from(await again(1))]), 'small.jpg');
      const end = await here.run(form);
      const [first, second, third] = await list();
      expect(end).toMatchObject({ added: 3, duplicates: 0 });
      expect(end.remarks).toMatchObject([{ name: 'small.jpg', state: 'added', reason: `the same picture as product ${first!.id}`, product: third!.id, same_as: first!.id }]); // prettier-ignore
      const later = await here.run(formOf(['photo', await again(2), 'later.jpg']));
      expect(later.remarks).toMatchObject([{ name: 'later.jpg', reason: `the same picture as product ${second!.id}` }]);
      const { duplicate_of } = productDetailsSchema.parse((await here.shop.app.inject(`/api/v1/products/${later.remarks[0]!.product}`)).json()); // prettier-ignore
      expect(duplicate_of).toBe(second!.id);
      await here.orm.delete(products).where(eq(products.id, second!.id));
      expect((await list()).map(({ duplicateOf }) => duplicateOf)).toEqual([null, first!.id, null]);
    });

    it('remembers a photo once, however often it comes and goes', async () => {
      const load = async () => {
        await here.run(await files([1, 2]));
        return byPhoto(await picture(1));
      };
      const known = new LookAlikes(here.orm, () => here.shop.predictor.hash);
      for (let time = 0; time < 4; time += 1) {
        expect(await load()).toHaveLength(2);
        const [{ appearance } = { appearance: Buffer.alloc(0) }] = await here.orm.select().from(photoFeatures).limit(1);
        const found = await known.find(Int8Array.from(appearance), 100);
        expect(new Set(found.map(({ hash }) => hash)).size).toBe(2);
        expect(found).toHaveLength(2);
        await here.orm.delete(products);
        await here.orm.delete(photos);
      }
    });

    it('says which form it takes', async () => {
      const url = '/api/v1/products/search-by-photo';
      const nothing = await here.shop.post(url, formOf(['note', 'nothing']));
      const text = await here.shop.post(url, formOf(['photo', 'no photo', 'a.jpg']));
      const two = await here.shop.post(url, await files([1, 2]));
      const codes = [nothing, text, two].map((answer) => [answer.statusCode, answer.json<{ error: { code: string } }>().error.code]); // prettier-ignore
      expect(codes).toEqual([[400, 'USAGE'], [422, 'IMAGE_UNREADABLE'], [413, 'UPLOAD_TOO_LARGE']]); // prettier-ignore
      expect((await here.shop.app.inject('/api/v1/products/999/similar')).statusCode).toBe(404);
    });
  });
});
