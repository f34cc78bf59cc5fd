/** @file How long something that goes on steadily will still take. */
import { useRef } from 'react';

/** Done at the time when it was first seen, so that what was done before is not taken for speed. */
interface Start {
  readonly at: number;
  readonly done: number;
}

/** Seconds below this say more about chance than about speed. */
const SOON = 2;

/** In seconds; undefined until there is something to tell from. */
export function secondsLeft(start: Start, now: Start, total: number): number | undefined {
  const [seconds, done] = [(now.at - start.at) / 1000, now.done - start.done];
  if (seconds < SOON || done <= 0) return undefined;
  return (seconds / done) * (total - now.done);
}

export function useSecondsLeft(done: number, total: number): number | undefined {
  const start = useRef<Start>(undefined);
  const now = { at: performance.now(), done };
  start.current ??= now;
  return secondsLeft(start.current, now, total);
}

/** `40 s`, `3 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 360) / 10} h`;
}
