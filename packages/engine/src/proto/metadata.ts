import { EngineError } from '../errors.ts';
import { readModelMessage } from './messages.ts';

/**
 * A model's `metadata_props`, whatever its operators are.
 * @throws EngineError INVALID_MODEL for bytes that are no model
 */
export function decodeMetadata(bytes: Uint8Array): Record<string, string> {
  try {
    const entries = (readModelMessage(bytes).metadataProps ?? []).map(({ key = '', value = '' }) => [key, value]);
    return Object.fromEntries(entries) as Record<string, string>;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError('INVALID_MODEL', `the bytes are not a well-formed ONNX model: ${reason}`, error);
  }
}
