/** @file What was measured in words, and whether it is good. */
import type { Usage } from '../load/server.ts';
import type { Heap, Parts } from './parts.ts';
import { slopeOf, type Sample, type Slope } from './slope.ts';

/** MiB an hour: a leak of so much would have shown. A server that is started anew each week needs 3 GiB for it. */
const FOUND = 20;

/** What there was, and when. */
export interface Look extends Usage {
  readonly hour: number;
  readonly heap: Heap;
  /** Of some looks. */
  readonly parts?: Parts;
}

export interface Verdict {
  readonly lines: readonly string[];
  readonly passed: boolean;
}

/**
 * All memory has to be flat; and without the nursery of the heap it has to be known so well that a leak of {@link FOUND} would
 * have shown. The nursery is up to 48 MiB that the engine takes and gives back within minutes, which hides what grows by
 * less; nothing can leak there, for what is still used after two collections leaves it (V8, Trash talk: the Orinoco
 * garbage collector, 2019, on the minor collector).
 * @param after what is open when nobody has asked for a minute
 */
export function judge(looks: readonly Look[], after: Parts): Verdict {
  const series = (value: (look: Look) => number): Sample[] => looks.map((look) => [look.hour, value(look)]);
  const all = series(({ mib }) => mib);
  const lasting = series(({ mib, heap: { nursery } }) => mib - nursery);
  const [memory, known, files] = [slopeOf(all), slopeOf(lasting), slopeOf(series(({ descriptors }) => descriptors))];
  const split = looks.flatMap(({ hour, parts }) => (parts === undefined ? [] : [{ hour, parts }]));
  const before = split[0]!.parts;
  return {
    lines: [
      'memory in MiB: first fifth, last fifth, and what it grows by an hour (95 %)',
      row('all', all),
      row('without the nursery', lasting),
      ...(['pools', 'heap', 'rest'] as const).map((name) => row(`  ${name}`, split.map(({ hour, parts }) => [hour, parts[name]]))), // prettier-ignore
      `minutes that follow each other correlate by ${memory.correlation.toFixed(2)} and ${known.correlation.toFixed(2)}`,
      `descriptors: ${kindsOf(before)} at the start; ${kindsOf(after)} afterwards; ${told(files)} an hour`,
    ],
    passed:
      memory.interval[0] <= 0 &&
      known.interval[0] <= 0 &&
      known.interval[1] < FOUND &&
      files.interval[0] <= 0 &&
      after.descriptors <= before.descriptors,
  };
}

function row(name: string, samples: readonly Sample[]): string {
  const fifth = Math.ceil(samples.length / 5);
  const mean = (some: readonly Sample[]) => some.reduce((sum, [, mib]) => sum + mib, 0) / some.length;
  const [first, last] = [mean(samples.slice(0, fifth)), mean(samples.slice(-fifth))];
  return `  ${name.padEnd(20)} ${first.toFixed(0).padStart(5)} ${last.toFixed(0).padStart(5)}   ${told(slopeOf(samples))}`;
}

function told({ perHour, interval: [low, high] }: Slope): string {
  return `${perHour.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`;
}

function kindsOf({ descriptors, kinds }: Parts): string {
  return `${descriptors} (${[...kinds].map(([kind, count]) => `${count} x ${kind}`).toSorted().join(', ')})`; // prettier-ignore
}
