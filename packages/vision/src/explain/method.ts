/** @file The one contract of all methods. */
import type { ExplainedScore, Masking } from '@busana/contracts';
import type { EngineOptions } from '../engine-options.ts';
import type { Subject } from './subject.ts';
import type { Target } from './target.ts';

/** Values that say what in the photo speaks for one class (positive) or against it (negative). */
export interface Attribution {
  /** Float32 `[size, size, channels]`. */
  readonly values: Float32Array;
  readonly channels: 1 | 3;
  /** The values sum to the difference of these scores; undefined where they do not add up by design. */
  readonly sum?: {
    readonly base: number;
    readonly full: number;
    /** Between the largest and the smallest score that were compared. */
    readonly range: number;
  };
}

export interface ExplainTask {
  /** Uint8 `[size, size, 3]`. */
  readonly picture: Uint8Array;
  readonly targets: readonly Target[];
  /** How far it is, in model evaluations. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** A method made ready for one model. */
export interface Explainer {
  readonly subject: Subject;
  /** What values are shares of; undefined where they only say how much. */
  readonly score?: ExplainedScore;
  /** One attribution per target. @throws BusanaError INTERRUPTED */
  readonly explain: (task: ExplainTask) => Promise<readonly Attribution[]>;
  readonly release: () => Promise<void>;
}

export interface MethodSettings extends EngineOptions {
  /** Model evaluations per photo (`partition`) or per photo and class (`shap`). */
  readonly samples: number;
  readonly masking: Masking;
  /** Default: log-odds where the model answers with probabilities. */
  readonly score?: ExplainedScore | undefined;
  readonly seed: number;
  /** Photos of `shap`'s background for a model whose pictures have this side: uint8 `[size, size, 3]` each. */
  readonly background: (size: number) => Promise<readonly Uint8Array[]>;
}

export interface Method {
  /** One sentence for help texts. */
  readonly description: string;
  /** The paper it comes from. */
  readonly source: string;
  /** Whether values say for and against, in units of the score, so that classes compare; else only how much. */
  readonly signed: boolean;
  /** Whether values change sign from pixel to pixel: pictures then show means over small squares, data do not. */
  readonly grainy?: boolean;
  /** Whether it gives every class the same values, because it asks for none. */
  readonly classIndependent?: boolean;
  /** Model evaluations when nobody says otherwise; undefined: their number is fixed. */
  readonly samples?: number;
  /** Whether it hides parts of the photo behind something. */
  readonly masks?: boolean;
  /** Whether it compares with background photos. */
  readonly needsBackground?: boolean;
  /** @param model a model file or a run folder. @throws BusanaError MODEL_NOT_FOUND, MODEL_INVALID, CONFIG_INVALID */
  readonly open: (model: string, settings: MethodSettings) => Promise<Explainer>;
}
