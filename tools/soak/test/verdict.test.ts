import { Random } from '@busana/engine';
import { describe, expect, it } from 'vitest';
import type { Look } from '../look.ts';
import { judge } from '../verdict.ts';

const open = new Map([['socket', 30], ['pipe', 20]]); // prettier-ignore

/** Half an hour, a look a second, of a server with a leak, in MiB an hour, in its heap or elsewhere. */
function looks(seed: number, { leak = 0, noise = 1, files = 0, steps = 0, inHeap = false } = {}): Look[] {
  const random = Random.of('verdict', seed);
  let [wavering, garbage, bound] = [0, 0, 40];
  const times = Array.from({ length: steps }, () => random.integer(0, 1800));
  return Array.from({ length: 1800 }, (_, second): Look => {
    const hour = second / 3600;
    const grown = leak * hour + 4 * times.filter((time) => time < second).length;
    // As measured: all but the heap wavers by 3 MiB for twenty seconds, and garbage is collected after 12 to 50 seconds.
    wavering = 0.95 * wavering + Math.sqrt(1 - 0.95 ** 2) * 3 * noise * random.normal();
    garbage += random.uniform(0.5, 2);
    if (garbage > bound) [garbage, bound] = [random.uniform(0, 2), random.uniform(20, 60)];
    const used = 60 + garbage + (inHeap ? grown : 0);
    const total = used + random.uniform(5, 25);
    const mib = 600 + total + wavering + (inHeap ? 0 : grown);
    const descriptors = 50 + random.integer(-3, 3) + Math.round(files * hour);
    return { hour, mib, heap: { total, used }, descriptors, processor: 0 };
  });
}

const share = (what: Parameters<typeof looks>[1]): number =>
  Array.from({ length: 100 }, (_, seed) => judge(looks(seed, what), open, open).wrong).filter(
    (wrong) => wrong.length === 0,
  ).length / 100;

describe('the verdict on a server', () => {
  it('lets those pass that are flat, and hardly any that leaks 20 MiB an hour', () => {
    expect(share({})).toBeGreaterThan(0.85);
    for (const inHeap of [false, true]) {
      expect(share({ leak: 20, inHeap })).toBeLessThan(0.05);
      expect(share({ leak: 40, inHeap })).toBe(0);
      // Five times 4 MiB, and nothing in between.
      expect(share({ steps: 5, inHeap })).toBeLessThan(0.05);
    }
  });

  it('lets none pass of which too little is known', () => {
    expect(share({ noise: 15 })).toBeLessThan(0.1);
    expect(judge(looks(0, { noise: 15 }), open, open).wrong).toEqual(['a leak of 20 MiB an hour would not have shown']);
  });

  it('lets none pass whose server has not said what is in use', () => {
    const silent = looks(0).map((look) => ({ ...look, heap: { total: NaN, used: NaN } }));
    expect(judge(silent, open, open).wrong).toEqual(expect.arrayContaining(['what lasts of it grows']));
  });

  it('sees files that stay open', () => {
    expect(share({ files: 10 })).toBeLessThan(0.05);
    expect(judge(looks(0, { files: 100 }), open, open).wrong).toEqual(['open files grow']);
    expect(judge(looks(0), open, new Map([...open, ['file', 1]])).wrong).toEqual(['files stay open']);
  });

  it('says what grows', () => {
    expect(judge(looks(0, { leak: 100 }), open, open).wrong).toEqual(
      expect.arrayContaining(['memory grows', 'what lasts of it grows']),
    );
  });

  it('says what was measured', () => {
    const [, all, lasting] = judge(looks(1), open, open).lines;
    expect(all).toMatch(/^ {2}all +[67]\d\d +[67]\d\d {3}-?\d+\.\d \(-?\d+\.\d to -?\d+\.\d\)$/);
    expect(lasting).toMatch(/what lasts +66\d +66\d /);
  });
});
