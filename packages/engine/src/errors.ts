/** What can go wrong in the engine, by code. */
export const engineErrors = {
  SHAPE_MISMATCH: 'Operands whose shapes or types do not fit the operator.',
  UNKNOWN_OPERATOR: 'An operator, attribute or operator set version the engine does not know.',
  NO_GRADIENT: 'A gradient was asked for through an operator that has none, or a size that is only known at run time.',
  INVALID_GRAPH: 'A graph that is not well formed: duplicate names, missing inputs, cycles.',
  INVALID_MODEL: 'Bytes that are not an ONNX model, or use a part of it the engine does not read.',
  INVALID_ARGUMENT: 'A value outside what the function takes.',
  DEVICE_UNAVAILABLE: 'A device that the runtime does not offer on this machine.',
  RUNTIME: 'The runtime refused the graph or failed to run it.',
} as const;

export type EngineErrorCode = keyof typeof engineErrors;

/** Every failure the engine raises on purpose. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
