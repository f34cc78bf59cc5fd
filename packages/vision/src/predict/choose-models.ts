/** @file Which models `predict` asks, and how a later run knows that it asks the same. */
import { BusanaError } from '@busana/contracts';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { shippedModel } from '../artifact/shipped.ts';

export interface Choice {
  /** Model files or run folders. */
  readonly models: readonly string[];
  readonly sources: readonly string[];
}

/**
 * @param given a model, then sources of photos; sources alone for the model that comes with busana, or an ensemble
 * @throws BusanaError MODEL_NOT_FOUND, USAGE
 */
export async function chooseModels(given: readonly string[], ensemble?: readonly string[]): Promise<Choice> {
  const choice = ensemble === undefined ? await firstOrShipped(given) : { models: ensemble, sources: given };
  if (choice.sources.length === 0) throw new BusanaError('USAGE', 'no photos are named');
  return choice;
}

async function firstOrShipped(given: readonly string[]): Promise<Choice> {
  const [first = '', ...others] = given;
  if ((await modelFile(first)) !== undefined) return { models: [first], sources: others };
  const shipped = await shippedModel();
  if (shipped !== undefined && !first.endsWith('.onnx')) return { models: [shipped], sources: given };
  throw new BusanaError('MODEL_NOT_FOUND', `'${first}' is neither a model.onnx nor a run folder`, {
    remedy: 'Name the model first, then the photos: busana predict runs/train photos/',
  });
}

/** The model file that a path names, or that is in the run folder it names. */
async function modelFile(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  return found.isDirectory() ? modelFile(join(path, 'model.onnx')) : path.endsWith('.onnx') ? path : undefined;
}

/** SHA-256 of everything that answers depend on: the files of the models, and whether the mirrored view counts. */
export async function modelFingerprint(models: readonly string[], mirror: boolean): Promise<string> {
  const hash = createHash('sha256').update(mirror ? 'mirror' : 'plain');
  for (const model of models) {
    const own = createHash('sha256');
    for await (const chunk of createReadStream((await modelFile(model)) ?? model)) own.update(chunk as Buffer);
    hash.update(own.digest());
  }
  return hash.digest('hex');
}
