/** @file Every kind of finding as a table: what a CSV holds, and what the report shows of it. */
import type { Analysis } from '@busana/contracts';
import { fileTables, pairTables } from './file-findings.ts';
import type { FindingTable } from './finding.ts';
import { colourTable, embeddingTables } from './label-findings.ts';

/** A table per kind that was looked for, also where nothing was found. */
export function findingTables({ files, colours, embeddings }: Analysis): FindingTable[] {
  return [
    ...(embeddings === null ? [] : embeddingTables(embeddings)),
    ...(colours === null || colours.attributes.length === 0 ? [] : [colourTable(colours)]),
    ...(files === null ? [] : [...pairTables(files.duplicates), ...fileTables(files)]),
  ];
}
