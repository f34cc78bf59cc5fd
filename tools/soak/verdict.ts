/** @file What was measured in words, and whether it is good. */
import { countOf, type Look, type OpenFiles } from './look.ts';
import { mean, pieces, slopeOf, type Sample, type Slope } from './slope.ts';

/** MiB an hour: a leak of so much would have shown. A server that is started anew each week needs 3 GiB for it. */
const FOUND = 20;

export interface Verdict {
  readonly lines: readonly string[];
  /** Why it is not good, each in a few words; none where it is. */
  readonly wrong: readonly string[];
}

/**
 * All memory has to be flat; and what lasts of it has to be known so well that a leak of {@link FOUND} would have shown. What
 * lasts is all that is no heap of the main thread, and of the heap the least that was used in each piece of time: what is
 * left after a collection. In between there are up to 100 MiB of garbage, more or less as the engine likes, which hides what
 * grows by less; a leak is what no collection takes away.
 * @param before what was open at the first look @param after what is open when nobody has asked for a minute
 */
export function judge(looks: readonly Look[], before: OpenFiles, after: OpenFiles): Verdict {
  const series = (value: (look: Look) => number): Sample[] => looks.map((look) => [look.hour, value(look)]);
  const all = pieces(series(({ mib }) => mib));
  const left = pieces(
    series(({ heap: { used } }) => used),
    (values) => Math.min(...values),
  );
  const others = pieces(series(({ mib, heap: { total } }) => mib - total));
  const lasting = others.map(([hour, mib], piece): Sample => [hour, mib + left[piece]![1]]);
  const [memory, known] = [slopeOf(all), slopeOf(lasting)];
  const files = slopeOf(pieces(series(({ descriptors }) => descriptors)));
  // Each says what has to be: of what nobody knows (NaN) it does not hold.
  const conditions: readonly (readonly [holds: boolean, otherwise: string])[] = [
    [memory.interval[0] <= 0, 'memory grows'],
    [known.interval[0] <= 0, 'what lasts of it grows'],
    [known.interval[1] < FOUND, `a leak of ${FOUND} MiB an hour would not have shown`],
    [files.interval[0] <= 0, 'open files grow'],
    [countOf(after) <= countOf(before), 'files stay open'],
  ];
  return {
    lines: [
      'memory in MiB: first fifth, last fifth, and what it grows by an hour (95 %)',
      row('all', all),
      row('what lasts', lasting),
      row('  heap, in use', left),
      row('  all else', others),
      `minutes that follow each other correlate by ${memory.correlation.toFixed(2)} and ${known.correlation.toFixed(2)}`,
      `descriptors: ${kindsOf(before)} at the start; ${kindsOf(after)} afterwards; ${told(files)} an hour`,
    ],
    wrong: conditions.filter(([holds]) => !holds).map(([, reason]) => reason),
  };
}

function row(name: string, points: readonly Sample[]): string {
  const fifth = Math.ceil(points.length / 5);
  const values = points.map(([, mib]) => mib);
  const [first, last] = [mean(values.slice(0, fifth)), mean(values.slice(-fifth))];
  return `  ${name.padEnd(14)} ${first.toFixed(0).padStart(5)} ${last.toFixed(0).padStart(5)}   ${told(slopeOf(points))}`;
}

function told({ perHour, interval: [low, high] }: Slope): string {
  return `${perHour.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`;
}

function kindsOf(files: OpenFiles): string {
  return `${countOf(files)} (${[...files].map(([kind, count]) => `${count} x ${kind}`).toSorted().join(', ')})`; // prettier-ignore
}
