/** @file The model file around a graph that is stored smaller: what it knows of itself, and its golden check. */
import type { ArtifactMetadata, Compression, Golden } from '@busana/contracts';
import { createSession, type EncodeOptions, type SessionOptions } from '@busana/engine';
import { makeGolden, sessionAnswer } from '../artifact/golden.ts';

/**
 * Where activations are rounded, a difference in the last digit of a float, such as two processors have, can become a
 * whole step of 1/255 of a range. How far that carries is measured on the file itself: between the integer kernels of
 * the runtime and none, on the golden picture. Other machines get this many times as much room.
 */
const INTEGER_ROOM = 3;
const LEAST_TOLERANCE = 0.02;

/**
 * @param metadata of the model it was made from
 * @param encode the graph in its new form, with metadata
 */
export async function compressedArtifact(
  metadata: ArtifactMetadata,
  compression: Compression,
  encode: (options: EncodeOptions) => Uint8Array,
  engine: SessionOptions = {},
): Promise<Uint8Array> {
  const { size } = metadata['busana.preprocess'];
  const provenance = metadata['busana.provenance'];
  const bytes = encode({});
  const golden = await goldenOf(bytes, size, engine);
  const entries: ArtifactMetadata = {
    ...metadata,
    'busana.golden': compression.format === 'onnx-int8' ? await withTolerance(golden, bytes, size, engine) : golden,
    'busana.provenance': {
      ...provenance,
      // Predictions name their model: the two forms are told apart.
      name: `${provenance.name}-${compression.format.slice('onnx-'.length)}`,
      compression,
    },
  };
  const texts = Object.entries(entries).map(([name, value]) => [name, JSON.stringify(value)] as const);
  return encode({ metadata: Object.fromEntries(texts), producer: 'busana' });
}

async function goldenOf(bytes: Uint8Array, size: number, options: SessionOptions): Promise<Golden> {
  const session = await createSession(bytes, options);
  try {
    return await makeGolden(size, sessionAnswer(session, size));
  } finally {
    await session.release();
  }
}

async function withTolerance(golden: Golden, bytes: Uint8Array, size: number, engine: SessionOptions): Promise<Golden> {
  const plain = await goldenOf(bytes, size, { ...engine, optimization: 'none' });
  const tolerance = Object.entries(golden.outputs).map(([name, values]) => {
    const apart = Math.max(...values.map((value, index) => Math.abs(value - plain.outputs[name]![index]!)));
    return [name, Math.max(LEAST_TOLERANCE, INTEGER_ROOM * apart)] as const;
  });
  return { ...golden, tolerance: Object.fromEntries(tolerance) };
}
