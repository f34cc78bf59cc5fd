import type { NormalisationName } from '@busana/contracts';
import type { Network, OperatorType, TensorMap, Value } from '@busana/engine';

/** Channel or spatial attention that a block may be given. */
export type Attention = 'none' | 'se' | 'eca' | 'cbam';

/** What a backbone is told about the pictures it will see and how it is trained. */
export interface BackboneOptions {
  /** Side of the square input, in pixels. */
  readonly imageSize: number;
  /** Probability of skipping the last residual block in training; earlier ones are skipped less. */
  readonly stochasticDepth: number;
  /** Attention inside residual blocks. */
  readonly attention: Attention;
}

/** Where in a finished graph a value is: counted in nodes of one operator, back from the output it leads to. */
export interface Place {
  readonly operator: OperatorType;
  /** 0: the last of them. */
  readonly fromEnd: number;
  /** What the node reads first, or what it gives. */
  readonly side: 'input' | 'output';
}

/**
 * An architecture: how to build it, and the facts a user chooses by. The classifier is not part of it: heads are put
 * on the embedding by whoever trains.
 */
export interface Architecture {
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** The paper or page the structure was published in. */
  readonly source: string;
  /** Of the official pretrained weights, which are downloaded and never shipped; undefined where there are none. */
  readonly weightsLicence?: string;
  /** Side of the square input the published figures are for, in pixels. */
  readonly defaultImageSize: number;
  /** Normalisation that the official weights expect. */
  readonly normalise: NormalisationName;
  /** Whether its blocks can be given attention. */
  readonly attention?: boolean;
  /**
   * Appends the backbone to the network. Parameters have the names of the official weight files.
   * @param x float32 `[N, 3, H, W]`, normalised
   * @returns the embedding, float32 `[N, D]`
   */
  readonly backbone: (network: Network, x: Value, options: BackboneOptions) => Value;
  /**
   * Prefixes of the linear classifiers in the official weight files, e.g. `fc`. Several share the embedding out among
   * them in equal parts, and their logits are averaged.
   */
  readonly classifiers: readonly string[];
  /**
   * Prefixes of parameters from the input to the output: stage by stage. What learns slowly and what is frozen is said
   * in stages.
   */
  readonly stages: readonly (readonly string[])[];
  /** The last value in which places of the picture can be told apart, `[N, C, H, W]` or tokens: Grad-CAM weighs it. */
  readonly lastMap: Place;
  /** Vision transformers: how many learnt tokens stand before those of the patches. */
  readonly learntTokens?: number;
  /** Name here of a tensor that some official files call otherwise; other names as they are. */
  readonly officialName?: (name: string) => string;
  /** Fits official weights to the size of the input, e.g. position embeddings. */
  readonly adapt?: (weights: TensorMap, options: { readonly imageSize: number }) => TensorMap;
}

/** Position of a parameter's stage, 0 at the input; heads come after the last. */
export function stageOf({ stages }: Architecture, parameter: string): number {
  const found = stages.findIndex((prefixes) => prefixes.some((prefix) => belongs(parameter, prefix)));
  return found < 0 ? stages.length : found;
}

function belongs(parameter: string, prefix: string): boolean {
  return parameter === prefix || parameter.startsWith(`${prefix}.`);
}
