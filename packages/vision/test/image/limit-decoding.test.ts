import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { decodePicture, limitDecoding } from '../../src/image/decode.ts';

afterEach(() => limitDecoding(0));

/** Most pipelines that the library held at once, waiting or at work, while 12 photos were decoded. */
async function mostAtOnce(): Promise<number> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  const bytes = await sharp({ create: { width: 600, height: 600, channels: 3, background: '#888', noise } }).png().toBuffer(); // prettier-ignore
  let most = 0;
  const count = (): void => {
    const { queue, process: atWork } = sharp.counters();
    most = Math.max(most, queue + atWork);
  };
  sharp.queue.on('change', count);
  try {
    const pictures = await Promise.all(Array.from({ length: 12 }, () => decodePicture(bytes)));
    expect(pictures.every(({ width, data }) => width === 600 && data.length === 600 * 600 * 3)).toBe(true);
  } finally {
    sharp.queue.off('change', count);
  }
  return most;
}

describe('limitDecoding', () => {
  it.each([1, 4])('%d photos at once', async (threads) => {
    limitDecoding(threads);
    expect(sharp.concurrency()).toBe(1);
    const most = await mostAtOnce();
    expect(most).toBeGreaterThanOrEqual(threads);
    // Without a limit all 12 would be begun at once. The library counts a photo until it has cleaned up behind it, when
    // the next ones may have been begun: how many more than the limit are counted depends on how busy the machine is.
    expect(most).toBeLessThan(12);
  });
});
