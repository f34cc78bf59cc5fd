import type {
  Analysis,
  AttributeCounts,
  AttributePair,
  ColourAnalysis,
  EmbeddingAnalysis,
  FileAnalysis,
} from '@busana/contracts';
import { shortNumber } from '../report/charts/histogram.ts';

/** An analysis as lines for a terminal. */
export function analysisLines(analysis: Analysis): string[] {
  const { source, photos, test_photos, fully_labelled, attributes, pairs, files, colours, embeddings, notes } =
    analysis;
  return [
    `${source}: ${photos} labelled photos, ${fully_labelled} with every label, ${test_photos} test photos`,
    ...attributes.map(countsLine),
    ...pairs.flatMap((pair) => ['', ...pairLines(pair)]),
    ...(files === null ? [] : ['', ...fileLines(files)]),
    ...(colours === null ? [] : ['', ...colourLines(colours)]),
    ...(embeddings === null ? [] : ['', ...embeddingLines(embeddings), ...suspicionLines(embeddings)]),
    ...notes.map((note) => `note: ${note}`),
  ];
}

function countsLine({ name, values, missing }: AttributeCounts): string {
  const counts = values.map(({ label, count }) => `${label} ${count}`).join(', ');
  return `${name}: ${counts}${missing > 0 ? `, not labelled ${missing}` : ''}`;
}

function pairLines(pair: AttributePair): string[] {
  const { rows, columns, row_labels, column_labels, counts, expected, verdict, implication } = pair;
  const table = (corner: string, cells: readonly (readonly string[])[]): string[] =>
    aligned([[corner, ...column_labels], ...cells.map((row, index) => [row_labels[index]!, ...row])]);
  return [
    ...table(`${rows} / ${columns}`, counts.map((row) => row.map(String))), // prettier-ignore
    ...table('if independent', expected.map((row) => row.map((count) => count.toFixed(3)))), // prettier-ignore
    `statistic ${pair.statistic}, p ${pair.p_value}, degrees of freedom ${pair.degrees_of_freedom}`,
    informationLine(pair),
    verdict,
    implication,
  ];
}

/** What the one attribute tells about the other. */
export function informationLine({ mutual_information, normalised_mutual_information }: AttributePair): string {
  const share = (100 * normalised_mutual_information).toFixed(1);
  return `mutual information ${mutual_information.toFixed(4)} bits, ${share} % of what it could be`;
}

/** What the files say, one finding a line. */
export function fileLines(files: FileAnalysis): string[] {
  const measures = files.images.measures.map(({ name, unit, min, median, max, outliers }) => {
    const [least, middle, most] = [min, median, max].map(shortNumber);
    return `${name.replaceAll('_', ' ')} ${least} / ${middle} / ${most} (least, median, most; ${unit}), ${outliers.length} outliers`;
  });
  const [first, ...rest] = countLines(files);
  return [first, ...measures, ...rest];
}

/** What was counted; what was measured has numbers of its own. */
export function countLines({
  images,
  unreadable,
  duplicates,
  exact_groups,
  exact_groups_across,
}: FileAnalysis): [string, ...string[]] {
  const counted = Object.entries(images.formats).map(([format, count]) => `${count} ${format}`);
  const grounds = Object.entries(images.backgrounds).flatMap(([kind, count]) =>
    count > 0 ? [`${kind} ${count}`] : [],
  );
  const of = (kind: string): number => duplicates.filter((pair) => pair.kind === kind).length;
  const leaks = duplicates.filter(({ leak }) => leak).length;
  const contradictory = duplicates.filter(({ kind, differing }) => kind !== 'twin' && differing.length > 0).length;
  return [
    `${images.images} readable images: ${counted.join(', ')}`,
    `backgrounds: ${grounds.join(', ')}`,
    `${images.misnamed.length} with an extension of another format, ${unreadable.length} unreadable`,
    `${exact_groups} groups of the same pixels, ${exact_groups_across} of them across labelled and test photos`,
    `pairs: ${of('exact')} of the same pixels, ${of('near')} near-duplicates, ${of('twin')} in another colour`,
    `${leaks} pairs across labelled and test photos, ${contradictory} duplicates with different labels`,
  ];
}

/** Names of colours that a line has room for. */
const MOST_COLOURS = 8;

/** What the pixels of the garments say. */
export function colourLines({ names, attributes, doubts }: ColourAnalysis): string[] {
  const first = names.slice(0, MOST_COLOURS).map(({ en, photos }) => `${en} ${photos}`);
  const rest = names.length > MOST_COLOURS ? `, and ${names.length - MOST_COLOURS} more` : '';
  return [
    `garment colours: ${first.join(', ')}${rest}`,
    ...attributes.map(({ name, photos, agreeing }) => {
      const share = photos === 0 ? '' : ` (${((100 * agreeing) / photos).toFixed(1)} %)`;
      return `${name}: the pixels agree with ${agreeing} of ${photos} labels${share}`;
    }),
    ...(attributes.length === 0 ? [] : [`${doubts.length} colour labels that the pixels contradict`]),
  ];
}

/** What a network says of the photos. */
export function embeddingLines({ backbone, labels, outliers }: EmbeddingAnalysis): string[] {
  const { outliers: far } = outliers;
  return [
    `Seen through ${backbone.architecture} (${backbone.weights}) at ${backbone.image_size} px`,
    ...(labels === null ? [] : labels.attributes).map(
      ({ name, agreement, noise }) =>
        `${name}: ${(100 * agreement).toFixed(1)} % of labels agree with predictions of photos held back, about ${(100 * noise).toFixed(1)} % are wrong`,
    ),
    ...(labels === null ? [] : [`${labels.suspicions.length} likely label errors`]),
    `${far.length} photos unlike all others${far.length > 0 ? `, first ${far[0]!.photo.name}` : ''}`,
  ];
}

/** Suspicions that a terminal shows. */
const MOST_SHOWN = 5;

function suspicionLines({ labels }: EmbeddingAnalysis): string[] {
  const first = (labels?.suspicions ?? []).slice(0, MOST_SHOWN);
  return first.map(({ photo, attribute, given_label, suggested_label }) => {
    const row = photo.row === null ? '' : `, row ${photo.row}`;
    return `doubtful: ${photo.name}${row}: ${attribute} ${given_label}, rather ${suggested_label}`;
  });
}

/** Columns padded to equal width, numbers to the right. */
function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
}
