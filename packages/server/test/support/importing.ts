import { importSchema, type ImportState } from '@busana/contracts';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { imports, photos, products } from '../../src/database/schema.ts';
import type { Home } from './homes.ts';
import { openShop, type Shop } from './shop.ts';

export interface ImportingShop {
  readonly shop: Shop;
  readonly orm: Shop['database']['orm'];
  /** Sends a form, and waits for the end of its import. */
  readonly run: (form: FormData) => Promise<ImportState>;
}

/** A shop whose imports run: open while the tests around are, and empty before each of them. */
export function importingShop(make: () => Promise<Home>): ImportingShop {
  let [home, shop]: [Home | undefined, Shop | undefined] = [undefined, undefined];
  beforeAll(async () => {
    home = await make();
    shop = await openShop(home.where);
    shop.imports.start();
  }, 120_000);
  afterAll(async () => {
    await shop?.close();
    await home?.remove();
  });
  beforeEach(async () => {
    const { orm } = shop!.database;
    await orm.delete(imports);
    await orm.delete(products);
    await orm.delete(photos);
    shop!.failures.length = 0;
  });
  return {
    get shop() {
      return shop!;
    },
    get orm() {
      return shop!.database.orm;
    },
    async run(form) {
      const { id } = importSchema.parse((await shop!.post('/api/v1/imports', form)).json());
      await shop!.app.inject(`/api/v1/imports/${id}/events`);
      expect(shop!.failures).toEqual([]);
      return importSchema.parse((await shop!.app.inject(`/api/v1/imports/${id}`)).json());
    },
  };
}
