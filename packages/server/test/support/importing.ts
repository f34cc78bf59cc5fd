import { importSchema, type ImportState } from '@busana/contracts';
import { beforeEach, expect } from 'vitest';
import { imports } from '../../src/database/schema/imports.ts';
import { photos } from '../../src/database/schema/photos.ts';
import { products } from '../../src/database/schema/products.ts';
import type { Home } from './homes.ts';
import { openedShop } from './opened.ts';
import type { Shop } from './shop.ts';

export interface ImportingShop {
  readonly shop: Shop;
  readonly orm: Shop['database']['orm'];
  /** Sends a form, and waits for the end of its import. */
  readonly run: (form: FormData) => Promise<ImportState>;
}

/** A shop that is empty before each of the tests around. */
export function importingShop(make: () => Promise<Home>): ImportingShop {
  const opened = openedShop(make);
  beforeEach(async () => {
    const { orm } = opened.shop.database;
    await orm.delete(imports);
    await orm.delete(products);
    await orm.delete(photos);
    opened.shop.failures.length = 0;
  });
  return {
    get shop() {
      return opened.shop;
    },
    get orm() {
      return opened.shop.database.orm;
    },
    async run(form) {
      const { shop } = opened;
      const { id } = importSchema.parse((await shop.post('/api/v1/imports', form)).json());
      await shop.app.inject(`/api/v1/imports/${id}/events`);
      expect(shop.failures).toEqual([]);
      return importSchema.parse((await shop.app.inject(`/api/v1/imports/${id}`)).json());
    },
  };
}
