import fc from 'fast-check';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Budget } from '../src/budget.ts';

describe('Budget', () => {
  it('never gives out more than there is, and serves everyone in turn', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }), async (amounts) => {
        const budget = new Budget(10);
        let [out, most] = [0, 0];
        const order: number[] = [];
        const works = amounts.map((amount, index) =>
          budget.share(async (take) => {
            await take(amount);
            order.push(index);
            most = Math.max(most, (out += amount));
            for (let wait = index % 3; wait >= 0; wait -= 1) await setImmediate();
            out -= amount;
          }),
        );
        await Promise.all(works);
        expect(most).toBeLessThanOrEqual(10);
        expect(order).toEqual(amounts.map((_, index) => index));
      }),
    );
  });

  it('uses what there is: works that fit run together', async () => {
    const budget = new Budget(10);
    let running = 0;
    const counts = await Promise.all(
      [4, 6, 5].map((amount) =>
        budget.share(async (take) => {
          await take(amount);
          running += 1;
          await setImmediate();
          return running--;
        }),
      ),
    );
    expect(counts).toEqual([2, 1, 1]);
  });

  it('lets who needs more than there is work alone', async () => {
    const budget = new Budget(10);
    const order: string[] = [];
    const work = (name: string, amount: number) =>
      budget.share(async (take) => {
        await take(amount);
        order.push(`${name} begins`);
        await setImmediate();
        order.push(`${name} ends`);
      });
    await Promise.all([work('small', 1), work('huge', 99), work('after', 1)]);
    expect(order).toEqual(['small begins', 'small ends', 'huge begins', 'huge ends', 'after begins', 'after ends']);
  });

  it('gets its share back from work that fails', async () => {
    const budget = new Budget(1);
    const fails = budget.share(async (take) => {
      await take(1);
      throw new Error('no');
    });
    await expect(fails).rejects.toThrow('no');
    await budget.share((take) => take(1));
  });
});
