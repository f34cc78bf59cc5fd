import { measures } from './areas.ts';

/** By order of pixels, a number per photo. */
type ByOrder = ReadonlyMap<string, readonly number[]>;

/** Mean areas, and by how much each method beats each prior on the same photos, with the 95 % interval of the mean. */
export function printAreas(
  areas: ReadonlyMap<string, ByOrder>,
  chosen: readonly string[],
  priors: readonly string[],
): void {
  for (const [title, orders] of areas) {
    const photos = orders.get(chosen[0]!)!.length;
    const sign = Object.entries(measures).find(([name]) => title.includes(name))![1];
    print(`\n${title}, ${photos} photos: area, and by how much it is better than that of each prior`);
    for (const [order, values] of orders) {
      const against = priors.map((prior) => {
        const gains = values.map((area, at) => sign * (area - orders.get(prior)![at]!));
        return `${mean(gains).toFixed(3)} +- ${margin(gains).toFixed(3)}`;
      });
      const beside = chosen.includes(order) ? against : [];
      print(`| ${[order, mean(values).toFixed(3), ...beside].join(' | ')} |`);
    }
  }
}

export function printCorrelations(correlations: ByOrder): void {
  print('\nSpearman correlation with the same method on randomised weights');
  for (const [method, values] of correlations) {
    const largest = Math.max(...values).toFixed(3);
    print(`| ${method} | mean ${mean(values).toFixed(3)} | largest ${largest} | ${values.length} |`);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Half the width of the 95 % interval of a mean, by the normal distribution. */
function margin(values: readonly number[]): number {
  const centre = mean(values);
  return 1.96 * Math.sqrt(mean(values.map((value) => (value - centre) ** 2)) / (values.length - 1));
}
