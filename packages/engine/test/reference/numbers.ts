/** @file What `tools/reference/engine_numbers.py` writes. */
type Matrix = readonly (readonly number[])[];

interface Parameters {
  readonly weight: Matrix;
  readonly bias: readonly number[];
}

export interface NumbersFixture {
  readonly crossEntropy: {
    readonly logits: Matrix;
    readonly cases: readonly {
      readonly targets: readonly number[];
      readonly options: { readonly classWeights?: readonly number[]; readonly labelSmoothing?: number };
      readonly loss: number;
      readonly gradient: Matrix;
    }[];
  };
  /** Of the logits of `crossEntropy`. */
  readonly softCrossEntropy: {
    readonly targets: Matrix;
    readonly cases: readonly {
      readonly options: { readonly classWeights?: readonly number[]; readonly labelSmoothing?: number };
      readonly loss: number;
      readonly gradient: Matrix;
    }[];
  };
  readonly binaryCrossEntropy: {
    readonly logits: Matrix;
    readonly targets: Matrix;
    readonly loss: number;
    readonly gradient: Matrix;
  };
  readonly optimizers: {
    readonly start: Parameters;
    readonly gradients: readonly Parameters[];
    readonly learningRate: number;
    readonly cases: readonly {
      readonly optimizer: 'sgd' | 'momentum' | 'nesterov' | 'adam' | 'adamW' | 'adamMoments';
      readonly weightDecay: number;
      readonly clip: number;
      readonly biasMultiplier: number;
      readonly end: Parameters;
    }[];
  };
  readonly schedules: {
    readonly steps: number;
    readonly stepDecay: readonly number[];
    readonly cosine: readonly number[];
    readonly oneCycle: readonly number[];
    readonly oneCycleEarly: readonly number[];
  };
}
