import type { Network, Value } from '@busana/engine';

/** What a backbone is told about the pictures it will see. */
export interface BackboneOptions {
  /** Side of the square input, in pixels. */
  readonly imageSize: number;
  /** Probability of dropping a unit before the heads. */
  readonly dropout: number;
}

/**
 * An architecture: how to build it, and the facts a user chooses by. The classifier is not part of it: heads are put
 * on the embedding by whoever trains.
 */
export interface Architecture {
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** Where the structure was published, or why it looks as it does. */
  readonly source: string;
  /** Side of the square input the published figures are for, in pixels. */
  readonly defaultImageSize: number;
  /**
   * Appends the backbone to the network.
   * @param x float32 `[N, 3, H, W]`, normalised
   * @returns the embedding, float32 `[N, D]`
   */
  readonly backbone: (network: Network, x: Value, options: BackboneOptions) => Value;
  /** Prefix of the classifier's parameters in the architecture's published weight files, e.g. `fc`. */
  readonly classifier: string;
}
