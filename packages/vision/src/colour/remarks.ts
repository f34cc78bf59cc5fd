/** @file Why the colour of a photo can be doubted. */
import type { Attribute, Reason } from '@busana/contracts';
import type { Picture } from '../image/picture.ts';
import { hasBanner, hasLettering, isCollage } from './layout.ts';
import type { ColourOpinion } from './opinion.ts';
import type { ColourReading, GarmentColour } from './reading.ts';
import { isHeather, isStriped } from './texture.ts';
import { colourValues } from './values.ts';

/** Of two values, how much less (CIEDE2000) the nearer one may differ from the main colour to be told apart by eye. */
const BARELY = 5;
/** Half of a garment that has a value of its own is of it by at least so much. */
const CLEARLY = 0.6;

/** Remarks on the colours alone, then on what is on the photo besides; empty of a plain photo of one clear colour. */
export function remarksOn(picture: Picture, reading: ColourReading, attribute: Attribute): Reason[] {
  return [...colourRemarks(picture, reading, attribute), ...layoutRemarks(reading)];
}

function colourRemarks(picture: Picture, reading: ColourReading, attribute: Attribute): Reason[] {
  const main = reading.colours[0]!;
  const remarks: Reason[] = [];
  const about = attribute.name;
  const code = (value: number): string => attribute.values[value]!.code;
  const values = colourValues(attribute);
  const [first, second] = values?.byDifference(main.lab) ?? [];
  if (values?.valueOf(main.name, main.lab).exact === false) {
    remarks.push({ code: 'colour-without-value', attribute: about, colour: called(main) });
  } else if (first !== undefined && second !== undefined && second.apart - first.apart < BARELY) {
    remarks.push({ code: 'between-values', attribute: about, colour: called(main), values: [code(first.value), code(second.value)] }); // prettier-ignore
  }
  if (isHeather(picture, reading)) remarks.push({ code: 'heather' });
  if (isStriped(reading)) {
    const other = reading.colours.find(({ lab }) => Math.abs(lab.l - main.lab.l) > 20) ?? reading.colours[1]!;
    remarks.push({ code: 'stripes', colours: [called(main), called(other)] });
  }
  const [left, right] = halves(reading, attribute);
  if (left !== undefined && right !== undefined && left !== right) {
    remarks.push({ code: 'two-halves', attribute: about, values: [code(left), code(right)] });
  }
  return remarks;
}

function layoutRemarks(reading: ColourReading): Reason[] {
  if (isCollage(reading)) return [{ code: 'several-pictures' }];
  return [
    ...(hasBanner(reading) ? [{ code: 'banner' } as const] : []),
    ...(hasLettering(reading) ? [{ code: 'lettering' } as const] : []),
  ];
}

/** The value of the left and of the right half of the garment, each where it is clearly of one. */
function halves(
  { grid: { width }, division: { garment }, colours, nearest }: ReadingOfHalves,
  attribute: Attribute,
): (number | undefined)[] {
  const values = colourValues(attribute);
  if (values === undefined) return [];
  const valueOf = colours.map(({ name, lab }) => values.valueOf(name, lab).value);
  return [0, 1].map((half) => {
    const votes = attribute.values.map(() => 0);
    garment.forEach((inside, pixel) => {
      if (inside === 1 && Number(pixel % width >= width / 2) === half) votes[valueOf[nearest[pixel]!]!]! += 1;
    });
    const most = Math.max(...votes);
    const all = votes.reduce((sum, count) => sum + count, 0);
    return most >= CLEARLY * all && all > 0 ? votes.indexOf(most) : undefined;
  });
}
type ReadingOfHalves = Pick<ColourReading, 'grid' | 'division' | 'colours' | 'nearest'>;

/** What the pixels say against an answer; undefined when they agree. */
export function objection(
  reading: ColourReading,
  opinion: ColourOpinion,
  { attribute, predicted }: { readonly attribute: Attribute; readonly predicted: number },
): Reason | undefined {
  if (opinion.value === predicted) return undefined;
  const values = colourValues(attribute)!;
  const main = reading.colours.find(({ name, lab }) => values.valueOf(name, lab).value === opinion.value)!;
  return { code: 'pixels-object', attribute: attribute.name, value: attribute.values[predicted]!.code, colour: called(main) }; // prettier-ignore
}

function called({ name: { en, id } }: Pick<GarmentColour, 'name'>): { en: string; id: string } {
  return { en, id };
}
