/** @file What colours the garments have by their pixels, and which colour labels the pixels contradict. */
import type { Attribute, ColourAgreement, ColourAnalysis, ColourDoubt } from '@busana/contracts';
import { hexOf } from '../colour/lab.ts';
import { colourOpinion } from '../colour/opinion.ts';
import type { GarmentColour } from '../colour/reading.ts';
import { bothNames } from '../colour/names.ts';
import { colourValues } from '../colour/values.ts';
import { MISSING, type Dataset, type LabelledPhoto, type Photo } from '../data/dataset.ts';
import { labelOf } from '../taxonomy/names.ts';
import { referencesOf, type Refer } from './references.ts';

/** Smaller shares of a garment are folds, prints and edges. */
const LEAST_SHARE = 0.1;

/** @param colours of each photo, the largest share first */
export function analyzeColours(
  dataset: Dataset,
  photos: readonly Photo[],
  colours: readonly (readonly GarmentColour[])[],
): ColourAnalysis {
  const refer = referencesOf(dataset);
  const named: readonly (readonly GarmentColour[])[] = colours.map(mergeNames);
  const counts = new Map<string, ColourAnalysis['names'][number]>();
  for (const [{ name }] of named as readonly (readonly [GarmentColour])[]) {
    const { en, id, lab } = name;
    counts.set(en, { en, id, hex: hexOf(lab), photos: (counts.get(en)?.photos ?? 0) + 1 });
  }
  const judged = dataset.taxonomy.attributes.flatMap((attribute, index) =>
    attribute.kind === 'colour' && colourValues(attribute) !== undefined
      ? [judgeLabels(attribute, index, { dataset, photos, colours, named, refer })]
      : [],
  );
  return {
    names: [...counts.values()].sort((a, b) => b.photos - a.photos || a.en.localeCompare(b.en)),
    photos: photos.map((photo, position) => ({
      photo: refer(photo),
      colours: named[position]!.filter(({ share }, at) => at === 0 || share >= LEAST_SHARE).map(
        ({ name: { en, id }, lab, share }) => ({ en, id, hex: hexOf(lab), share }),
      ),
    })),
    attributes: judged.map(({ agreement }) => agreement),
    doubts: judged
      .flatMap(({ doubts }) => doubts)
      .sort((a, b) => b.suggested_share - b.given_share - (a.suggested_share - a.given_share)),
  };
}

/** Colours of one name as one, with their mean by share: light and shadow of one cloth. The largest share first. */
function mergeNames(colours: readonly GarmentColour[]): GarmentColour[] {
  const byName = new Map<string, GarmentColour>();
  for (const colour of colours) {
    const { en } = colour.name;
    const other = byName.get(en);
    byName.set(en, other === undefined ? colour : mixed(other, colour));
  }
  return [...byName.values()].sort((a, b) => b.share - a.share);
}

function mixed(first: GarmentColour, second: GarmentColour): GarmentColour {
  const share = first.share + second.share;
  const mean = (of: 'l' | 'a' | 'b'): number => (first.lab[of] * first.share + second.lab[of] * second.share) / share;
  return { ...first, share, lab: { l: mean('l'), a: mean('a'), b: mean('b') } };
}

interface Read {
  readonly dataset: Dataset;
  readonly photos: readonly Photo[];
  readonly colours: readonly (readonly GarmentColour[])[];
  /** The same, a name once. */
  readonly named: readonly (readonly GarmentColour[])[];
  readonly refer: Refer;
}

/** Labels of one attribute against the value that most of the garment has the colour of. */
function judgeLabels(
  attribute: Attribute,
  index: number,
  { dataset, photos, colours, named, refer }: Read,
): { agreement: ColourAgreement; doubts: ColourDoubt[] } {
  const { name, values } = attribute;
  const targets = new Map<Photo, number>(dataset.photos.map((photo: LabelledPhoto) => [photo, photo.targets[index]!]));
  const counts = values.map(() => values.map(() => 0));
  const doubts: ColourDoubt[] = [];
  for (const [position, photo] of photos.entries()) {
    const given = targets.get(photo) ?? MISSING;
    if (given === MISSING) continue;
    const { shares, value: suggested } = colourOpinion({ colours: colours[position]! }, attribute)!;
    counts[given]![suggested]! += 1;
    if (given === suggested) continue;
    doubts.push({
      photo: refer(photo),
      attribute: name,
      given: values[given]!.code,
      given_label: labelOf(values[given]!),
      suggested: values[suggested]!.code,
      suggested_label: labelOf(values[suggested]!),
      colour: bothNames(named[position]![0]!.name),
      given_share: shares[given]!,
      suggested_share: shares[suggested]!,
    });
  }
  const judged = counts.flat().reduce((sum, count) => sum + count, 0);
  const agreeing = counts.reduce((sum, row, value) => sum + row[value]!, 0);
  const agreement = { name, labels: values.map((value) => labelOf(value)), photos: judged, agreeing, counts };
  return { agreement, doubts };
}
