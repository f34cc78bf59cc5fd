/**
 * @file Owen values (Owen 1977, "Values of games with a priori unions") over a hierarchy of picture regions, by the
 * search of shap's PartitionExplainer (Lundberg and Lee 2017; shap 0.51): the region whose halves may differ most is
 * split next, once with everything else of its branch hidden and once shown, until the evaluations are used up.
 */
import { countOf, eachRun, halves, wholePicture, type Box, type Coalition } from './regions.ts';

/** Outputs when just these regions are shown. One row per coalition. */
export type Game = (coalitions: readonly (Coalition | undefined)[]) => Promise<readonly Float64Array[]>;

export interface OwenOptions {
  /** Side of the picture. */
  readonly size: number;
  /** Evaluations of the game at most, from 2. */
  readonly evaluations: number;
  /** Coalitions asked about at once; the search looks no further ahead. Default 10, as shap's. */
  readonly batch?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface OwenValues {
  /** Outputs with everything hidden. */
  readonly base: Float64Array;
  /** Outputs with nothing hidden. */
  readonly full: Float64Array;
  /** Per output, float64 `[size, size, 3]`; they sum to the difference of the two. */
  readonly values: readonly Float64Array[];
}

interface Region {
  readonly box: Box;
  halves?: readonly [Region, Region];
  /** What the region as a whole has been found to contribute, per output. */
  readonly credit: Float64Array;
}

/** A region in a context: outputs without it and with it. */
interface Question {
  readonly region: Region;
  readonly context: Coalition | undefined;
  readonly without: Float64Array;
  readonly with: Float64Array;
  readonly weight: number;
  /** What it may at most contribute in this context. */
  readonly stake: number;
}

export async function owenValues(game: Game, options: OwenOptions): Promise<OwenValues> {
  const { size, evaluations, batch = 10, onProgress } = options;
  const whole = wholePicture(size);
  const [base, full] = (await game([undefined, { box: whole, rest: undefined }])) as [Float64Array, Float64Array];
  const root: Region = { box: whole, credit: new Float64Array(base.length) };
  const open: Question[] = [
    { region: root, context: undefined, without: base, with: full, weight: 1, stake: Infinity },
  ];
  let left = evaluations - 2;
  while (open.length > 0 && left > 0) {
    const asked: { question: Question; halves: readonly [Region, Region] }[] = [];
    while (open.length > 0 && 2 * asked.length < Math.min(batch, left)) {
      const question = takeLargest(open);
      const parts = halvesOf(question.region);
      if (parts === undefined) settle(question);
      else asked.push({ question, halves: parts });
    }
    if (asked.length === 0) continue;
    const coalitions = asked.flatMap(({ question: { context }, halves }) =>
      halves.map(({ box }) => ({ box, rest: context })),
    );
    const found = await game(coalitions);
    left -= coalitions.length;
    asked.forEach(({ question, halves: [a, b] }, at) => {
      const { context, without, with: both, weight } = question;
      const [onlyA, onlyB] = [found[2 * at]!, found[2 * at + 1]!];
      const ask = (region: Region, beside: Coalition | undefined, low: Float64Array, high: Float64Array): void => {
        const stake = (weight / 2) * low.reduce((most, value, k) => Math.max(most, Math.abs(high[k]! - value)), 0);
        open.push({ region, context: beside, without: low, with: high, weight: weight / 2, stake });
      };
      ask(a, context, without, onlyA);
      ask(b, context, without, onlyB);
      ask(a, { box: b.box, rest: context }, onlyB, both);
      ask(b, { box: a.box, rest: context }, onlyA, both);
    });
    onProgress?.(evaluations - Math.max(0, left), evaluations);
  }
  open.forEach(settle);
  return { base, full, values: spread(root, size) };
}

function takeLargest(open: Question[]): Question {
  let best = 0;
  open.forEach(({ stake }, at) => {
    if (stake > open[best]!.stake) best = at;
  });
  return open.splice(best, 1)[0]!;
}

function halvesOf(region: Region): readonly [Region, Region] | undefined {
  const boxes = region.halves === undefined ? halves(region.box) : undefined;
  const fresh = (box: Box): Region => ({ box, credit: new Float64Array(region.credit.length) });
  if (boxes !== undefined) region.halves = [fresh(boxes[0]), fresh(boxes[1])];
  return region.halves;
}

function settle({ region, without, with: both, weight }: Question): void {
  for (const [at, value] of both.entries()) region.credit[at]! += (value - without[at]!) * weight;
}

/** Credit of a region that was not split further goes to its pixels in equal parts. */
function spread(root: Region, size: number): Float64Array[] {
  const values = Array.from(root.credit, () => new Float64Array(size * size * 3));
  const pour = ({ box, halves: parts, credit }: Region, inherited: Float64Array): void => {
    const density = credit.map((own, at) => own / countOf(box) + inherited[at]!);
    if (parts !== undefined) {
      for (const part of parts) pour(part, density);
      return;
    }
    eachRun(box, size, (from, to) => {
      density.forEach((value, at) => values[at]!.fill(value, from, to));
    });
  };
  pour(root, new Float64Array(root.credit.length));
  return values;
}
