import { askAbout } from '../ask.ts';
import { maskerOf } from '../masking.ts';
import { scored, scoreOf } from '../log-odds.ts';
import type { Method } from '../method.ts';
import { stopWhenAborted } from '../stop.ts';
import { openSubject } from '../open-subject.ts';
import { complement } from '../regions.ts';

/** Windows along a side, each half over the next: 1/8 of the side wide. */
const WINDOWS = 8;

/** How much of the score is lost when a window is hidden, averaged over the windows that a pixel lies in. */
export const occlusion: Method = {
  description: 'what is lost when a window sliding over the photo is hidden; any model',
  source: 'Zeiler and Fergus 2014, arXiv:1311.2901, section 4.2',
  signed: true,
  masks: true,
  async open(model, { masking, score: wanted, ...engine }) {
    const subject = await openSubject(model, engine);
    const { size } = subject;
    const score = scoreOf(subject, wanted);
    const asked = scored(subject, score);
    return {
      subject,
      score,
      async explain({ picture, targets, onProgress, signal }) {
        const mask = maskerOf(masking, picture, size);
        const windows = windowsOf(size);
        const outputs = await askAbout(
          asked,
          targets,
          windows.length + 1,
          (at, into) => {
            into.set(picture);
            if (at === 0) return;
            const { top, left, width } = windows[at - 1]!;
            mask(complement({ top, bottom: top + width, left, right: left + width, first: 0, end: 3 }, size), into);
          },
          progress(windows.length + 1, onProgress, signal),
        );
        const [full, ...hidden] = outputs as [Float64Array, ...Float64Array[]];
        return targets.map((_, target) => {
          const losses = hidden.map((output) => full[target]! - output[target]!);
          return { values: meanOverWindows(windows, losses, size), channels: 1 };
        });
      },
      release: subject.release,
    };
  },
};

interface Window {
  readonly top: number;
  readonly left: number;
  readonly width: number;
}

function windowsOf(size: number): Window[] {
  const width = Math.max(1, Math.round(size / WINDOWS));
  const count = 2 * WINDOWS - 1;
  const starts = Array.from({ length: count }, (_, at) => Math.round((at * (size - width)) / (count - 1)));
  return starts.flatMap((top) => starts.map((left) => ({ top, left, width })));
}

function meanOverWindows(windows: readonly Window[], losses: readonly number[], size: number): Float32Array {
  const sums = new Float64Array(size * size);
  const counts = new Float64Array(size * size);
  windows.forEach(({ top, left, width }, at) => {
    for (let row = top; row < top + width; row += 1) {
      for (let column = left; column < left + width; column += 1) {
        sums[row * size + column]! += losses[at]!;
        counts[row * size + column]! += 1;
      }
    }
  });
  return Float32Array.from(sums, (sum, at) => sum / Math.max(1, counts[at]!));
}

function progress(
  total: number,
  onProgress: ((done: number, total: number) => void) | undefined,
  signal: AbortSignal | undefined,
): (count: number) => void {
  let done = 0;
  return (count) => {
    stopWhenAborted(signal);
    done += count;
    onProgress?.(done, total);
  };
}
