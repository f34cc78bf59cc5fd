/** @file What a finding is, and how it names photos. */
import type { PhotoReference } from '@busana/contracts';

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

/** Cells of name and row. */
export function named({ name, row }: PhotoReference): string[] {
  return [name, row === null ? '' : String(row)];
}

/** For people. */
export function where({ name, row }: PhotoReference): string {
  return row === null ? name : `${name} (row ${row})`;
}
