import { afterAll, beforeAll } from 'vitest';
import type { Home } from './homes.ts';
import { openShop, type Shop } from './shop.ts';

/** A shop that is open while the tests around are, its worker running. */
export function openedShop(make: () => Promise<Home>): { readonly shop: Shop } {
  let [home, shop]: [Home | undefined, Shop | undefined] = [undefined, undefined];
  beforeAll(async () => {
    home = await make();
    shop = await openShop(home.where);
    shop.worker.start();
  }, 120_000);
  afterAll(async () => {
    await shop?.close();
    await home?.remove();
  });
  return {
    get shop() {
      return shop!;
    },
  };
}
