import { Random } from '@busana/engine';
import { describe, expect, it } from 'vitest';
import type { Parts } from '../parts.ts';
import { judge, type Look } from '../verdict.ts';

const parts: Parts = { pools: 250, heap: 90, rest: 300, descriptors: 50, kinds: new Map([['socket', 30], ['pipe', 20]]) }; // prettier-ignore

/** Half an hour, a look a second, of a server with a leak, in MiB an hour. */
function looks(seed: number, { leak = 0, noise = 1, files = 0, steps = 0 } = {}): Look[] {
  const random = Random.of('verdict', seed);
  let [lasting, wide] = [0, false];
  const times = Array.from({ length: steps }, () => random.integer(0, 1800));
  return Array.from({ length: 1800 }, (_, second): Look => {
    const hour = second / 3600;
    // As measured: what lasts wavers by 4 MiB for some twenty seconds; the nursery has 8 MiB or 31, for a quarter of a minute.
    lasting = 0.95 * lasting + Math.sqrt(1 - 0.95 ** 2) * 4 * noise * random.normal();
    if (random.chance(1 / 15)) wide = !wide;
    const nursery = wide ? 31 : 8;
    return {
      hour,
      mib: 650 + nursery + lasting + leak * hour + 4 * times.filter((time) => time < second).length,
      heap: { total: 60 + nursery, nursery },
      descriptors: 50 + random.integer(-3, 3) + Math.round(files * hour),
      processor: 0,
      parts,
    };
  });
}

const share = (what: Parameters<typeof looks>[1]): number =>
  Array.from({ length: 200 }, (_, seed) => judge(looks(seed, what), parts).passed).filter(Boolean).length / 200;

describe('the verdict on a server', () => {
  it('lets those pass that are flat, and hardly any that leaks 20 MiB an hour', () => {
    expect(share({})).toBeGreaterThan(0.85);
    expect(share({ leak: 20 })).toBeLessThan(0.05);
    expect(share({ leak: 40 })).toBe(0);
    // Five times 4 MiB, and nothing in between.
    expect(share({ steps: 5 })).toBeLessThan(0.05);
  });

  it('lets none pass of which too little is known', () => {
    expect(share({ noise: 10 })).toBeLessThan(0.1);
  });

  it('sees files that stay open', () => {
    expect(share({ files: 10 })).toBeLessThan(0.05);
    expect(judge(looks(0), { ...parts, descriptors: 51 }).passed).toBe(false);
  });

  it('says what was measured', () => {
    const [, all, lasting] = judge(looks(1), parts).lines;
    expect(all).toMatch(/^ {2}all +6[67]\d +6[67]\d {3}-?\d+\.\d \(-?\d+\.\d to -?\d+\.\d\)$/);
    expect(lasting).toMatch(/without the nursery +6[45]\d +6[45]\d /);
  });
});
