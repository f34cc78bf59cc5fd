import type { Chart } from './chart.ts';

/** A figure at the top of a report, e.g. `EMR`, `0.6317`, `0.597 to 0.665`. */
export interface SummaryNumber {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}

/** A picture in a grid, carried inside the report. */
export interface ReportPicture {
  readonly jpeg: Uint8Array;
  readonly caption: string;
}

/** One thing a report shows. Text is plain text: whatever it contains is shown, never interpreted. */
export type ReportBlock =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'numbers'; readonly numbers: readonly SummaryNumber[] }
  | {
      readonly kind: 'table';
      readonly header: readonly string[];
      /** Cells that read as numbers are set flush right. */
      readonly rows: readonly (readonly string[])[];
      readonly caption?: string;
    }
  | { readonly kind: 'chart'; readonly chart: Chart }
  | { readonly kind: 'pictures'; readonly pictures: readonly ReportPicture[] };

export interface ReportSection {
  readonly title: string;
  readonly blocks: readonly ReportBlock[];
}

export interface Report {
  readonly title: string;
  /** What the report says, in a sentence or two under the title. */
  readonly lead?: string;
  readonly sections: readonly ReportSection[];
}
