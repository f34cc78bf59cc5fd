import { describe, expect, it } from 'vitest';
import { describeIntegerSpeed, hasIntegerDotProduct, parseProcessor, readProcessor } from '../src/processor.ts';

const linux = (flags: string) =>
  `processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: A Processor @ 2 GHz\nflags\t\t: ${flags}\n\nprocessor\t: 1\nflags\t\t: other\n`;

describe('the processor', () => {
  it('is read from what Linux says of the first core', () => {
    expect(parseProcessor(linux('fpu avx avx2 fma sse avx512f avx512_vnni'))).toEqual({
      name: 'A Processor @ 2 GHz',
      features: ['avx', 'avx2', 'fma', 'avx512f', 'avx512_vnni'],
    });
  });

  it('has integer dot products by VNNI, AMX or their likes on ARM, and not by AVX2 alone', () => {
    const has = (flags: string) => hasIntegerDotProduct(parseProcessor(linux(flags)));
    expect([has('avx2 avx512f'), has('avx2 avx_vnni'), has('avx512_vnni'), has('amx_int8')]).toEqual([
      false,
      true,
      true,
      true,
    ]);
    const arm = parseProcessor('processor\t: 0\nBogoMIPS\t: 50\nFeatures\t: fp asimd asimddp\n');
    expect(arm).toEqual({ name: undefined, features: ['asimd', 'asimddp'] });
    expect(hasIntegerDotProduct(arm)).toBe(true);
  });

  it('is not guessed at where nothing can be read', () => {
    expect(parseProcessor('')).toEqual({ name: undefined, features: undefined });
    expect(hasIntegerDotProduct(parseProcessor(''))).toBeUndefined();
    // A line of the same name further down a longer title must not count.
    expect(parseProcessor('vmx flags\t: avx2\n').features).toBeUndefined();
  });

  it('promises speed only where there are integer dot products', () => {
    const said = (flags: string) => describeIntegerSpeed(parseProcessor(linux(flags)));
    expect(said('avx2')).toContain('usually slower');
    expect(said('avx2 avx_vnni')).toContain('usually faster');
    expect(describeIntegerSpeed(parseProcessor(''))).toContain('only a timing tells');
  });

  it('of this machine is read without failing', async () => {
    expect(await readProcessor()).toHaveProperty('features');
  });
});
