/** @file A model that was activated anywhere answers everywhere, a moment later. */
import { setTimeout } from 'node:timers/promises';
import type { ModelService } from './service.ts';

/** Milliseconds between two looks. */
const LOOK = 1000;

export interface Following {
  readonly start: () => void;
  readonly close: () => Promise<void>;
}

/** @param onFailure told once in a row, e.g. of a database that does not answer */
export function followModels(models: Pick<ModelService, 'follow'>, onFailure: (error: unknown) => void): Following {
  const closing = new AbortController();
  let end: Promise<void> | undefined;
  const loop = async (): Promise<void> => {
    let failing = false;
    while (!closing.signal.aborted) {
      try {
        await models.follow();
        failing = false;
      } catch (error) {
        if (!failing) onFailure(error);
        failing = true;
      }
      await setTimeout(LOOK, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };
  return {
    start: () => void (end ??= loop()),
    close: async () => {
      closing.abort();
      await end;
    },
  };
}
