/** A file of the repository as the guards see it. */
export interface SourceFile {
  /** Relative to the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface Finding {
  readonly path: string;
  /** 1 = the first line; absent when the finding is about the whole file. */
  readonly line?: number;
  readonly message: string;
}

/** Looks at all files at once; an empty answer is a pass. */
export interface Guard {
  readonly name: string;
  readonly check: (files: readonly SourceFile[]) => readonly Finding[];
}
