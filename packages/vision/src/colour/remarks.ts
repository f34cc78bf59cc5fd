/** @file In words, why the colour of a photo can be doubted. */
import type { Attribute } from '@busana/contracts';
import { labelOf } from '../taxonomy/names.ts';
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

/** `dark navy (biru dongker tua)` */
export function bothNames({ name }: Pick<GarmentColour, 'name'>): string {
  return name.en === name.id ? name.en : `${name.en} (${name.id})`;
}

/** Remarks on the colours alone, then on what is on the photo besides; empty of a plain photo of one clear colour. */
export function remarksOn(picture: Picture, reading: ColourReading, attribute: Attribute): string[] {
  return [...colourRemarks(picture, reading, attribute), ...layoutRemarks(reading)];
}

function colourRemarks(picture: Picture, reading: ColourReading, attribute: Attribute): string[] {
  const main = reading.colours[0]!;
  const remarks: string[] = [];
  const label = (value: number): string => labelOf(attribute.values[value]!);
  const values = colourValues(attribute);
  const [first, second] = values?.byDifference(main.lab) ?? [];
  if (values?.valueOf(main.name, main.lab).exact === false) {
    remarks.push(`${bothNames(main)}, which no value is called`);
  } else if (first !== undefined && second !== undefined && second.apart - first.apart < BARELY) {
    remarks.push(`${bothNames(main)} lies between ${label(first.value)} and ${label(second.value)}`);
  }
  if (isHeather(picture, reading)) remarks.push('heather (misty): yarn of light and dark blended');
  if (isStriped(reading)) {
    const other = reading.colours.find(({ lab }) => Math.abs(lab.l - main.lab.l) > 20) ?? reading.colours[1]!;
    remarks.push(`stripes of ${bothNames(main)} and ${bothNames(other)}`);
  }
  const [left, right] = halves(reading, attribute);
  if (left !== undefined && right !== undefined && left !== right) {
    remarks.push(`two garments or halves: ${label(left)} on the left, ${label(right)} on the right`);
  }
  return remarks;
}

function layoutRemarks(reading: ColourReading): string[] {
  if (isCollage(reading)) return ['several pictures in one'];
  return [
    ...(hasBanner(reading) ? ['a banner or frame over the photo'] : []),
    ...(hasLettering(reading) ? ['lettering beside the garment'] : []),
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
): string | undefined {
  if (opinion.value === predicted) return undefined;
  const values = colourValues(attribute)!;
  const main = reading.colours.find(({ name, lab }) => values.valueOf(name, lab).value === opinion.value)!;
  return `predicted ${labelOf(attribute.values[predicted]!)}, pixels say ${bothNames(main)}`;
}
