import type { Mistake, Taxonomy } from '@busana/contracts';
import type { LabelledPhoto } from '../data/dataset.ts';
import { thumbnail } from '../image/thumbnail.ts';
import { labelOf } from '../taxonomy/names.ts';
import type { ReportBlock } from './sections.ts';

/** Pictures of the mistakes with what is true, what was predicted, and how confidently; nothing without mistakes. */
export async function mistakeGallery(
  mistakes: readonly Mistake[],
  taxonomy: Taxonomy,
  photos: readonly LabelledPhoto[],
): Promise<ReportBlock[]> {
  if (mistakes.length === 0) return [];
  const byName = new Map(photos.map((photo) => [photo.name, photo]));
  const pictures = await Promise.all(
    mistakes.map(async (mistake) => {
      const photo = byName.get(mistake.image);
      const jpeg = photo && (await thumbnail(photo));
      return jpeg === undefined ? [] : [{ jpeg, caption: `${mistake.image}: ${describeMistake(mistake, taxonomy)}` }];
    }),
  );
  return [
    { kind: 'text', text: 'The most confident mistakes, worst first. Some of them may be mistakes of the labels.' },
    { kind: 'pictures', pictures: pictures.flat() },
  ];
}

/** E.g. `hoodie, red; read as T-shirt (0.93); joint confidence 0.91`. */
export function describeMistake({ attributes, joint_confidence }: Mistake, taxonomy: Taxonomy): string {
  const label = (name: string, code: string): string => {
    const value = taxonomy.attributes.find((attribute) => attribute.name === name)?.values.find((one) => one.code === code); // prettier-ignore
    return value === undefined ? code : labelOf(value);
  };
  const entries = Object.entries(attributes);
  const truth = entries.map(([name, values]) => label(name, values.truth)).join(', ');
  const wrong = entries
    .filter(([, values]) => values.truth !== values.predicted)
    .map(([name, { predicted, confidence }]) => `${label(name, predicted)} (${confidence.toFixed(2)})`);
  return `${truth}; read as ${wrong.join(', ')}; joint confidence ${joint_confidence.toFixed(2)}`;
}
