/** @file What the processor can do that decides how fast a model runs in 8-bit integers. */
import { readFile } from 'node:fs/promises';

export interface Processor {
  /** As the processor calls itself; undefined where it does not say. */
  readonly name: string | undefined;
  /** Its instruction sets, of those that the runtime's kernels are chosen by; undefined where they cannot be read. */
  readonly features: readonly string[] | undefined;
}

/** Instruction sets by Linux's names: x86, then ARM. */
const known = [
  'avx',
  'avx2',
  'fma',
  'avx512f',
  'avx512_vnni',
  'avx_vnni',
  'amx_tile',
  'amx_int8',
  'asimd',
  'asimddp',
  'sve',
  'i8mm',
] as const;

/** Those that multiply and add four 8-bit integers at once, into 32 bits. */
const dotProducts: ReadonlySet<string> = new Set(['avx512_vnni', 'avx_vnni', 'amx_int8', 'asimddp', 'i8mm']);

/** @param cpuinfo text of Linux's /proc/cpuinfo; its first processor counts */
export function parseProcessor(cpuinfo: string): Processor {
  const line = (title: string): string | undefined =>
    new RegExp(`^${title}\\s*:[ \\t]*(.*)$`, 'mi').exec(cpuinfo)?.[1]?.trim();
  const flags = line('flags') ?? line('features');
  const present = new Set(flags?.split(/\s+/));
  return { name: line('model name'), features: flags === undefined ? undefined : known.filter((f) => present.has(f)) };
}

/** This machine's; only Linux has the file. */
export async function readProcessor(): Promise<Processor> {
  return parseProcessor(await readFile('/proc/cpuinfo', 'utf8').catch(() => ''));
}

/** Undefined where it cannot be known. */
export function hasIntegerDotProduct({ features }: Processor): boolean | undefined {
  return features?.some((feature) => dotProducts.has(feature));
}

/** What to expect of int8 models here, in a sentence. */
export function describeIntegerSpeed(processor: Processor): string {
  switch (hasIntegerDotProduct(processor)) {
    case undefined:
      return 'the instruction sets cannot be read here: whether int8 is faster, only a timing tells';
    case true:
      return `integer dot products (${processor.features!.filter((feature) => dotProducts.has(feature)).join(', ')}): int8 models are usually faster than float32`;
    case false:
      return 'no integer dot products (VNNI, AMX or dotprod): int8 models are smaller, and usually slower than float32';
  }
}
