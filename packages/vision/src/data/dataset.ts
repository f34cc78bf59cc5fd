import type { Taxonomy } from '@busana/contracts';

/** Where the bytes of an image are. Plain data, so that worker threads can open it themselves. */
export type ImageLocation =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'zip'; readonly archive: string; readonly entry: string }
  | { readonly kind: 'address'; readonly address: string }
  /** At hand already: those of the file as it came. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** A photo without labels. */
export interface Photo {
  /** The id as it stands in the CSV (without extension when it has none there). */
  readonly id: string;
  /** Path for people, relative to the data set, e.g. `train/12.jpg`. */
  readonly name: string;
  readonly location: ImageLocation;
}

/** Class index per attribute, in the order of the taxonomy; {@link MISSING} where the cell was empty. */
export type Targets = readonly number[];

/** Target of a cell that is not labelled: losses and metrics skip it. */
export const MISSING = -1;

/** A photo with its labels. */
export interface LabelledPhoto extends Photo {
  /** Row in the CSV, 1 = the first line (the header); undefined where the folder is the label. */
  readonly row?: number;
  /** Photos of one group share a fold. */
  readonly group?: string;
  readonly targets: Targets;
}

/** A data set as read: labels checked, images located (and, unless asked otherwise, proved readable). */
export interface Dataset {
  /** Folder, zip or CSV the user named. */
  readonly source: string;
  readonly taxonomy: Taxonomy;
  readonly photos: readonly LabelledPhoto[];
  /** Unlabelled photos of `test/` or `test.zip`, in natural order; empty when there are none. */
  readonly test: readonly Photo[];
  /** Rows dropped by `--skip-bad`, with the reason. */
  readonly dropped: readonly { readonly file: string; readonly row?: number; readonly message: string }[];
}
