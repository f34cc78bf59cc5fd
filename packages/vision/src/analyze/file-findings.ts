/** @file Findings about files: pairs of photos, and photos alone. */
import type { Duplicate, FileAnalysis } from '@busana/contracts';
import { shortNumber } from '../report/charts/histogram.ts';
import { named, where, type FindingTable } from './finding.ts';

export function pairTables(duplicates: readonly Duplicate[]): FindingTable[] {
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

export function fileTables({ images, unreadable }: FileAnalysis): FindingTable[] {
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
