/** @file The model file around a graph that is stored smaller: what it knows of itself, and its golden check. */
import type { ArtifactMetadata, Compression } from '@busana/contracts';
import { createSession, type EncodeOptions } from '@busana/engine';
import { createHash } from 'node:crypto';
import { makeGolden, sessionAnswer } from '../artifact/golden.ts';

/**
 * Where activations are rounded, a difference in the last digit of a float, such as two processors have, can become a
 * whole step of 1/255 of a range, and move a probability by this much at most.
 */
const INTEGER_TOLERANCE = 0.02;

/**
 * @param metadata of the model it was made from
 * @param encode the graph in its new form, with metadata
 */
export async function compressedArtifact(
  metadata: ArtifactMetadata,
  compression: Compression,
  encode: (options: EncodeOptions) => Uint8Array,
): Promise<Uint8Array> {
  const { size } = metadata['busana.preprocess'];
  const provenance = metadata['busana.provenance'];
  const session = await createSession(encode({}));
  try {
    const tolerance = compression.format === 'onnx-int8' ? INTEGER_TOLERANCE : undefined;
    const entries: ArtifactMetadata = {
      ...metadata,
      'busana.golden': await makeGolden(size, sessionAnswer(session, size), tolerance),
      'busana.provenance': {
        ...provenance,
        // Predictions name their model: the two forms are told apart.
        name: `${provenance.name}-${compression.format.slice('onnx-'.length)}`,
        compression,
      },
    };
    const texts = Object.entries(entries).map(([name, value]) => [name, JSON.stringify(value)] as const);
    return encode({ metadata: Object.fromEntries(texts), producer: 'busana' });
  } finally {
    await session.release();
  }
}

/** SHA-256 of a file's bytes, in hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
