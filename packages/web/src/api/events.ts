/** @file What the server tells by itself while something runs: server-sent events of the name `progress`. */
import { useEffect, useState } from 'react';
import type { z } from 'zod';
import { addressOf } from './client.ts';

/**
 * The newest state that was told.
 * @param path undefined: nothing is followed
 * @param ended whether nothing more comes after a state; a connection that breaks before is made again by the browser
 */
export function useProgress<S extends z.ZodType>(
  schema: S,
  path: string | undefined,
  ended: (state: z.output<S>) => boolean,
): z.output<S> | undefined {
  const [told, setTold] = useState<{ readonly path: string; readonly state: z.output<S> }>();
  useEffect(() => {
    if (path === undefined) return;
    const source = new EventSource(addressOf(path));
    source.addEventListener('progress', ({ data }: MessageEvent<string>) => {
      const state = schema.parse(JSON.parse(data));
      if (ended(state)) source.close();
      setTold({ path, state });
    });
    return () => source.close();
    // A function that asks the same of every state need not be the same function.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [path, schema]);
  return told !== undefined && told.path === path ? told.state : undefined;
}
