/** @file A queue of products that people are asked about. */

/** Place in a queue: what it is ordered by, then the product. */
export interface Place {
  readonly rank: number;
  readonly id: number;
}

/** A person's label that the model contradicts. */
export interface Issue {
  readonly attribute: string;
  readonly given: string;
  readonly suggested: string;
  /** (probability of the given label - the largest other + 1) / 2: 0..1/2 here. */
  readonly margin: number;
}

export interface Waiting extends Place {
  readonly issue: Issue | null;
}
