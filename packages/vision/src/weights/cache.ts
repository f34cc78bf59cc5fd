/** @file Where downloaded files are kept between runs. */
import { BusanaError } from '@busana/contracts';
import envPaths from 'env-paths';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { architectures } from '../models/registry.ts';
import { isOfficial, weightsOf, type OfficialWeights, type OwnWeights } from './official.ts';

/** The user's cache folder: the platform's own, on Linux by the XDG base directory specification. */
export function cacheFolder(): string {
  return envPaths('busana', { suffix: '' }).cache;
}

/** Where a downloaded file lies in a cache folder, whether it is there or not. */
export function cachedFile({ address }: Pick<OfficialWeights, 'address'>, cache: string): string {
  return join(cache, 'weights', basename(new URL(address).pathname));
}

/**
 * The file that `--weights` means: a path as it is, or the cached file of an architecture's official weights.
 * @throws BusanaError WEIGHTS_UNAVAILABLE saying how to get the file
 */
export async function resolveWeights(nameOrPath: string, cache = cacheFolder()): Promise<string> {
  if (await isFile(nameOrPath)) return nameOrPath;
  const weights = named(nameOrPath);
  if (weights === undefined) {
    throw new BusanaError('WEIGHTS_UNAVAILABLE', `there is no weights file at ${nameOrPath}`);
  }
  if (!isOfficial(weights)) {
    throw new BusanaError(
      'WEIGHTS_UNAVAILABLE',
      `the weights of ${weights.name} are a file of yours: ${weights.reason}`,
      {
        remedy: 'Give the path of the file.',
      },
    );
  }
  const file = cachedFile(weights, cache);
  if (await isFile(file)) return file;
  throw new BusanaError('WEIGHTS_UNAVAILABLE', `the weights of ${weights.name} are not at ${file}`, {
    remedy: `Run busana weights pull ${weights.name}. ${withoutNetwork(weights, file)}`,
  });
}

/** What to do on a machine that cannot reach the address. */
export function withoutNetwork({ address }: Pick<OfficialWeights, 'address'>, file: string): string {
  return `Without a network, fetch ${address} elsewhere and save it as ${file}.`;
}

export async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true;
}

/** Where the weights of an architecture come from; undefined when the text is no architecture's name. */
function named(text: string): OfficialWeights | OwnWeights | undefined {
  try {
    return weightsOf(text);
  } catch {
    return undefined;
  }
}

/** A line of `busana weights list`. */
export type ListedWeights = (OfficialWeights & { readonly file: string; readonly present: boolean }) | OwnWeights;

/** The weights of every architecture, with the place of a downloaded file and whether it is there. */
export function listWeights(cache = cacheFolder()): Promise<ListedWeights[]> {
  return Promise.all(
    architectures.map(async ({ name }) => {
      const weights = weightsOf(name);
      if (!isOfficial(weights)) return weights;
      const file = cachedFile(weights, cache);
      return { ...weights, file, present: await isFile(file) };
    }),
  );
}
