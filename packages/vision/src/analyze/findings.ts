/** @file Every kind of finding as a table: what a CSV holds, and what the report shows of it. */
import type { Analysis, Duplicate, EmbeddingAnalysis, FileAnalysis, PhotoReference } from '@busana/contracts';
import { shortNumber } from '../report/charts/histogram.ts';

export interface Finding {
  /** As the header of the table names them. */
  readonly cells: readonly string[];
  /** Shown as thumbnails. */
  readonly photos: readonly PhotoReference[];
  /** What is to be seen, one line. */
  readonly caption: string;
}

export interface FindingTable {
  /** Of the file, without its end. */
  readonly name: string;
  readonly title: string;
  /** What was looked for and what to do about it. */
  readonly explanation: string;
  readonly header: readonly string[];
  readonly findings: readonly Finding[];
}

/** A table per kind that was looked for, also where nothing was found. */
export function findingTables({ files, embeddings }: Analysis): FindingTable[] {
  return [
    ...(embeddings === null ? [] : embeddingTables(embeddings)),
    ...(files === null ? [] : [...pairTables(files.duplicates), ...fileTables(files)]),
  ];
}

function embeddingTables({ labels, outliers }: EmbeddingAnalysis): FindingTable[] {
  const far: FindingTable = {
    name: 'outliers',
    title: 'Photos unlike all others',
    explanation: `Mean distance (1 - cosine of the embeddings) to the ${outliers.neighbours} nearest photos above ${outliers.limit.toFixed(3)}; the median is ${outliers.median.toFixed(3)}. Look whether they belong into the data set.`,
    header: ['image', 'row', 'distance', 'nearest'],
    findings: outliers.outliers.map(({ photo, distance, nearest }) => ({
      cells: [...named(photo), distance.toFixed(4), nearest.name],
      photos: [photo],
      caption: `${where(photo)}: ${distance.toFixed(3)}`,
    })),
  };
  if (labels === null) return [far];
  const doubted: FindingTable = {
    name: 'label-errors',
    title: 'Likely label errors',
    explanation: `Confident learning on predictions for photos that were held back (${labels.folds} folds, duplicates together), the most suspicious first. Look at each: a network errs too, and some photos are hard.`,
    header: [
      'image',
      'row',
      'attribute',
      'given',
      'given_label',
      'suggested',
      'suggested_label',
      'self_confidence',
      'normalised_margin',
    ],
    findings: labels.suspicions.map((suspicion) => {
      const { photo, attribute, given, given_label, suggested, suggested_label } = suspicion;
      const scores = [suspicion.self_confidence, suspicion.normalised_margin].map((score) => score.toFixed(6));
      return {
        cells: [...named(photo), attribute, given, given_label, suggested, suggested_label, ...scores],
        photos: [photo],
        caption: `${where(photo)}: ${attribute} ${given_label}, rather ${suggested_label}`,
      };
    }),
  };
  return [doubted, far];
}

function pairTables(duplicates: readonly Duplicate[]): FindingTable[] {
  const table = (
    name: string,
    title: string,
    explanation: string,
    wanted: (pair: Duplicate) => boolean,
  ): FindingTable => ({
    name,
    title,
    explanation,
    header: [
      'first',
      'first_row',
      'second',
      'second_row',
      'kind',
      'distance',
      'structure',
      'colour_difference',
      'leak',
      'differing',
    ],
    findings: duplicates.filter(wanted).map((pair) => ({
      cells: [
        ...named(pair.first),
        ...named(pair.second),
        pair.kind,
        String(pair.distance),
        pair.structure.toFixed(4),
        pair.colour_difference.toFixed(2),
        pair.leak ? 'yes' : 'no',
        pair.differing.join(' '),
      ],
      photos: [pair.first, pair.second],
      caption: `${where(pair.first)} and ${where(pair.second)}${pair.differing.length > 0 ? `: other ${pair.differing.join(', ')}` : ''}`,
    })),
  });
  return [
    table(
      'contradictions',
      'Duplicates with different labels',
      'One of the two labels is wrong, or the value is a matter of taste.',
      ({ kind, differing }) => kind !== 'twin' && differing.length > 0,
    ),
    table(
      'leaks',
      'Test photos that are among the labelled ones',
      'Figures on the test photos are too good by these.',
      ({ leak }) => leak,
    ),
    table('exact-duplicates', 'The same pixels', 'Training keeps them in one fold.', ({ kind }) => kind === 'exact'),
    table(
      'near-duplicates',
      'The same picture',
      'Compressed or scaled anew, or with another print on the same garment. Training keeps them in one fold.',
      ({ kind }) => kind === 'near',
    ),
    table(
      'colour-twins',
      'The same picture in another colour',
      'Structure agrees, colours do not. Training keeps them in one fold; a colour label should differ.',
      ({ kind }) => kind === 'twin',
    ),
  ];
}

function fileTables({ images, unreadable }: FileAnalysis): FindingTable[] {
  return [
    {
      name: 'unreadable',
      title: 'Photos that cannot be read',
      explanation: 'Replace them, or train with --skip-bad.',
      header: ['image', 'row', 'reason'],
      findings: unreadable.map(({ photo, reason }) => ({
        cells: [...named(photo), reason],
        photos: [],
        caption: where(photo),
      })),
    },
    {
      name: 'measure-outliers',
      title: 'Photos that look unlike the others',
      explanation:
        'More than three interquartile ranges beyond the quartiles of size, brightness, contrast or sharpness.',
      header: ['image', 'row', 'measure', 'value', 'low', 'high'],
      findings: images.measures.flatMap(({ name, outliers, limits }) =>
        outliers.map(({ photo, value }) => ({
          cells: [
            ...named(photo),
            name,
            ...[value, limits?.low, limits?.high].map((number) => number?.toPrecision(6) ?? ''),
          ],
          photos: [photo],
          caption: `${where(photo)}: ${name.replaceAll('_', ' ')} ${shortNumber(value)}`,
        })),
      ),
    },
    {
      name: 'misnamed',
      title: 'Extension of another format',
      explanation: 'Busana reads the content; other programs may trust the name.',
      header: ['image', 'row', 'format'],
      findings: images.misnamed.map(({ photo, format }) => ({
        cells: [...named(photo), format],
        photos: [],
        caption: where(photo),
      })),
    },
  ];
}

function named({ name, row }: PhotoReference): string[] {
  return [name, row === null ? '' : String(row)];
}

function where({ name, row }: PhotoReference): string {
  return row === null ? name : `${name} (row ${row})`;
}
