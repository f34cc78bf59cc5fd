/** @file What rows say together, as tables. */
import { percentileInterval, resample } from '../../packages/vision/src/evaluate/bootstrap.ts';
import { measures, units } from './areas.ts';
import type { Row } from './row.ts';

/** Mean areas, and by how much each method beats each prior on the same photos, with the interval of a paired bootstrap. */
export function printAreas(rows: readonly Row[], methods: readonly string[], priors: readonly string[]): void {
  for (const attribute of new Set(rows.map((row) => row.attribute))) {
    for (const measure of measures) {
      // Deletion is good when it is small.
      const sign = measure.startsWith('deletion') ? -1 : 1;
      for (const unit of units) {
        const byOrder = new Map(
          [...methods, ...priors].map((order) => [
            order,
            new Map(
              rows
                .filter((row) => row.attribute === attribute && row.order === order)
                .map(({ photo, areas }) => [photo, areas[measure][unit]]),
            ),
          ]),
        );
        print(`\n${attribute}, ${measure}, ${unit}: area, and by how much it is better than that of each prior`);
        for (const [order, areas] of byOrder) {
          const against = methods.includes(order) ? priors.map((prior) => gain(areas, byOrder.get(prior)!, sign)) : [];
          print(`| ${[order, String(areas.size), mean([...areas.values()]).toFixed(3), ...against].join(' | ')} |`);
        }
      }
    }
  }
}

export function printSums(rows: readonly Row[], methods: readonly string[]): void {
  print('\nBy how much values miss the score, as a share of its range');
  for (const method of methods) {
    const own = rows.filter(({ order, missed }) => order === method && missed !== undefined);
    if (own.length === 0) continue;
    const shares = own.map(({ missed }) => missed!.share);
    const errors = own.map(({ missed }) => missed!.error);
    print(
      `| ${method} | ${own.length} | mean ${percent(mean(shares))} | largest ${percent(Math.max(...shares))} | largest error ${Math.max(...errors).toExponential(1)} |`,
    );
  }
}

export function printCorrelations(rows: readonly Row[], methods: readonly string[]): void {
  print('\nSpearman correlation with the same method on randomised weights');
  for (const method of methods) {
    const own = rows.flatMap(({ order, randomised }) => (order === method && randomised ? [randomised] : []));
    for (const what of ['values', 'sizes'] as const) {
      const found = own.map((correlation) => correlation[what]);
      if (found.length === 0) continue;
      print(
        `| ${method}, ${what} | ${found.length} | mean ${mean(found).toFixed(3)} | largest ${Math.max(...found).toFixed(3)} |`,
      );
    }
  }
}

/** Over the photos that have both. */
function gain(areas: ReadonlyMap<string, number>, prior: ReadonlyMap<string, number>, sign: number): string {
  const gains = [...areas].flatMap(([photo, area]) => (prior.has(photo) ? [sign * (area - prior.get(photo)!)] : []));
  const { low, high } = percentileInterval(resample(gains.length), (positions) =>
    mean([...positions].map((at) => gains[at]!)),
  );
  return `${mean(gains).toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function percent(share: number): string {
  return `${(100 * share).toPrecision(2)} %`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
