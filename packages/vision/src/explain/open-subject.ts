/** @file Opening the model that is explained. */
import { BusanaError, type Attribute } from '@busana/contracts';
import { decodeMetadata, decodeModel, encodeModel, EngineError, type Graph } from '@busana/engine';
import { readFile } from 'node:fs/promises';
import { locateModel, openModel, readMetadata } from '../artifact/model.ts';
import type { EngineOptions } from '../engine-options.ts';
import type { Architecture } from '../models/definition.ts';
import { architectureNamed } from '../models/registry.ts';
import { openForeignModel } from './foreign-model.ts';
import type { Subject } from './subject.ts';

/** What a model file has inside. */
export interface Inside {
  readonly graph: Graph;
  readonly architecture: Architecture;
  readonly attributes: readonly Attribute[];
}

/**
 * Opens a model for methods that only ask it: one of ours after its golden check, or any ONNX model with one picture as
 * its input.
 * @throws BusanaError MODEL_NOT_FOUND, MODEL_INVALID
 */
export async function openSubject(path: string, engine: EngineOptions): Promise<Subject> {
  const file = await locateModel(path);
  const bytes = await readFile(file);
  return isOurs(bytes, file) ? openOurs(bytes, file, engine) : openForeignModel(bytes, file, engine);
}

/**
 * Opens a model of ours for methods that look inside.
 * @param watch names of values that answers are to contain besides the outputs
 * @throws BusanaError MODEL_NOT_FOUND, MODEL_INVALID when it is not ours, or of a form that cannot be looked into
 */
export async function openInside(
  path: string,
  engine: EngineOptions,
  watch: (inside: Inside) => readonly string[],
): Promise<{ subject: Subject; inside: Inside }> {
  const file = await locateModel(path);
  const bytes = await readFile(file);
  const refuse = (why: string, cause?: unknown): BusanaError =>
    new BusanaError('MODEL_INVALID', `${file} cannot be looked into: ${why}`, {
      remedy:
        'Use --method partition or occlusion, which only ask the model; or the model in float32 it was made from.',
      cause,
    });
  if (!isOurs(bytes, file)) throw refuse('it was not made by busana, so its architecture is not known');
  const { 'busana.provenance': provenance, 'busana.schema': schema } = readMetadata(bytes, file);
  try {
    const { graph, metadata } = decodeModel(bytes);
    const inside = { graph, architecture: architectureNamed(provenance.architecture), attributes: schema.attributes };
    const watched = new Set(watch(inside));
    const values = graph.nodes.flatMap(({ outputs }) => outputs.filter(({ name }) => watched.has(name)));
    graph.outputs.push(...values);
    const all = values.length === 0 ? bytes : encodeModel(graph, { metadata });
    return { subject: await openOurs(all, file, engine), inside };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw refuse(error.message, error);
  }
}

function isOurs(bytes: Uint8Array, file: string): boolean {
  try {
    return 'busana.version' in decodeMetadata(bytes);
  } catch (cause) {
    throw new BusanaError('MODEL_INVALID', `${file} is not an ONNX model that can be read`, { cause });
  }
}

async function openOurs(bytes: Uint8Array, file: string, engine: EngineOptions): Promise<Subject> {
  const model = await openModel(bytes, file, engine);
  return {
    name: model.metadata['busana.provenance'].name,
    size: model.metadata['busana.preprocess'].size,
    attributes: model.metadata['busana.schema'].attributes,
    probabilities: true,
    answer: (pictures, count) => model.answer([pictures], count),
    release: model.release,
  };
}
