import type { Analysis, AttributeCounts, AttributePair, FileAnalysis, Spread } from '@busana/contracts';

/** An analysis as lines for a terminal. */
export function analysisLines(analysis: Analysis): string[] {
  const { source, photos, test_photos, fully_labelled, attributes, pairs, files } = analysis;
  return [
    `${source}: ${photos} labelled photos, ${fully_labelled} with every label, ${test_photos} test photos`,
    ...attributes.map(countsLine),
    ...pairs.flatMap((pair) => ['', ...pairLines(pair)]),
    ...(files === null ? [] : ['', ...fileLines(files)]),
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
    verdict,
    implication,
  ];
}

/** What the files say, one finding a line. */
export function fileLines({ images, unreadable, duplicates }: FileAnalysis): string[] {
  const { formats, width, height, bytes, misnamed } = images;
  const counted = Object.entries(formats).map(([format, count]) => `${count} ${format}`);
  const leaks = duplicates.filter(({ leak }) => leak).length;
  const contradictory = duplicates.filter(({ differing }) => differing.length > 0).length;
  return [
    `${images.images} readable images: ${counted.join(', ')}`,
    ...(width && height && bytes
      ? [`width ${spread(width)}, height ${spread(height)} pixels, ${spread(bytes)} bytes (least, median, most)`]
      : []),
    `${misnamed.length} with an extension of another format, ${unreadable.length} unreadable`,
    `${duplicates.length} pairs of duplicates: ${leaks} across labelled and test photos, ${contradictory} with different labels`,
  ];
}

function spread({ min, median, max }: Spread): string {
  return `${min} / ${median} / ${max}`;
}

/** Columns padded to equal width, numbers to the right. */
function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
}
