/** @file A trained model as one `.onnx` file: checked when loaded, asked with prepared pictures. */
import { ARTIFACT_VERSION, artifactMetadataSchema, BusanaError, type ArtifactMetadata } from '@busana/contracts';
import { createSession, decodeMetadata, type Session } from '@busana/engine';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sessionOptions, type EngineOptions } from '../engine-options.ts';
import { checkGolden, sessionAnswer } from './golden.ts';

export interface Model {
  /** Where it was read from. */
  readonly file: string;
  readonly metadata: ArtifactMetadata;
  /** Sides of the square pictures it is asked with: its own, or those of the members of an ensemble. */
  readonly sizes: readonly number[];
  /**
   * @param images the same photos at each of the sizes: uint8 `[count, size, size, 3]`
   * @returns per output, float32 `[count * width]`: probabilities under each attribute's name, and `embedding`
   */
  readonly answer: (images: readonly Uint8Array[], count: number) => Promise<Record<string, Float32Array>>;
  readonly release: () => Promise<void>;
}

/**
 * Reads a model file, or the one in a run folder, and proves that this machine computes it as the one it was made on.
 * @throws BusanaError MODEL_NOT_FOUND, MODEL_INVALID
 */
export async function loadModel(path: string, options: EngineOptions = {}): Promise<Model> {
  const file = await locateModel(path);
  return openModel(await readFile(file), file, options);
}

/**
 * The same for bytes that are at hand.
 * @param file what messages call them
 * @throws BusanaError MODEL_INVALID
 */
export async function openModel(bytes: Uint8Array, file: string, options: EngineOptions = {}): Promise<Model> {
  const metadata = readMetadata(bytes, file);
  const session = await openSession(bytes, file, options);
  const { size } = metadata['busana.preprocess'];
  const answer = sessionAnswer(session, size);
  try {
    await checkGolden(file, size, metadata['busana.golden'], answer);
  } catch (error) {
    await session.release();
    throw error;
  }
  return {
    file,
    metadata,
    sizes: [size],
    answer: ([images], count) => answer(images!, count),
    release: () => session.release(),
  };
}

/** The model file that a path is, or that is in the run folder it is. @throws BusanaError MODEL_NOT_FOUND */
export async function locateModel(path: string): Promise<string> {
  try {
    return (await stat(path)).isDirectory() ? await locateModel(join(path, 'model.onnx')) : path;
  } catch (cause) {
    throw new BusanaError('MODEL_NOT_FOUND', `there is no model at ${path}`, { cause });
  }
}

/** What a file says of itself. @throws BusanaError MODEL_INVALID */
export function readMetadata(bytes: Uint8Array, file: string): ArtifactMetadata {
  let entries: Readonly<Record<string, string>>;
  try {
    entries = decodeMetadata(bytes);
  } catch (cause) {
    throw new BusanaError('MODEL_INVALID', `${file} is not an ONNX model that can be read`, { cause });
  }
  const version = Number(entries['busana.version']);
  if (!Number.isInteger(version)) {
    throw new BusanaError('MODEL_INVALID', `${file} was not made by busana: it has no busana.version entry`);
  }
  if (version > ARTIFACT_VERSION) {
    throw new BusanaError(
      'MODEL_INVALID',
      `${file} has version ${version}; this busana reads up to ${ARTIFACT_VERSION}`,
      {
        remedy: 'Update busana, or export the model with this version.',
      },
    );
  }
  const parsed = artifactMetadataSchema.safeParse(
    Object.fromEntries(
      Object.entries(entries)
        .filter(([name]) => name.startsWith('busana.'))
        .map(([name, text]) => [name, parseJson(text)]),
    ),
  );
  if (!parsed.success) {
    const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new BusanaError('MODEL_INVALID', `${file} has metadata that is not valid: ${where}`, { cause: parsed.error });
  }
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function openSession(bytes: Uint8Array, file: string, options: EngineOptions): Promise<Session> {
  try {
    return await createSession(bytes, sessionOptions(options));
  } catch (cause) {
    throw new BusanaError('MODEL_INVALID', `${file} is refused by the runtime`, { cause });
  }
}
