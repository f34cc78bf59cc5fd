import { floats } from '@busana/engine';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { EpochBatches } from '../../src/train/epoch-batches.ts';
import type { InputBatch } from '../../src/train/inputs.ts';

/** Epochs of three batches, named by epoch and position, with a diary of what was made and closed. */
function source() {
  const diary: string[] = [];
  async function* start(epoch: number): AsyncGenerator<InputBatch> {
    try {
      for (let batch = 0; batch < 3; batch += 1) {
        await setImmediate();
        if (epoch === 9) throw new Error('a worker died');
        diary.push(`made ${epoch}.${batch}`);
        yield { input: floats([], [0]), indices: [epoch, batch] };
      }
    } finally {
      diary.push(`closed ${epoch}`);
    }
  }
  return { diary, batches: new EpochBatches(start) };
}

async function namesOf(batches: AsyncIterable<InputBatch>): Promise<string[]> {
  const names: string[] = [];
  for await (const { indices } of batches) names.push(indices.join('.'));
  return names;
}

describe('epochs begun ahead', () => {
  it('make their first batch before it is asked for, and no other', async () => {
    const { diary, batches } = source();
    batches.begin(1);
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();
    expect(diary).toEqual(['made 1.0']);
    expect(await namesOf(batches.of(1))).toEqual(['1.0', '1.1', '1.2']);
    expect(diary).toEqual(['made 1.0', 'made 1.1', 'made 1.2', 'closed 1']);
  });

  it('give the same batches without being begun', async () => {
    const { batches } = source();
    expect(await namesOf(batches.of(2))).toEqual(['2.0', '2.1', '2.2']);
    expect(await namesOf(batches.of(3))).toEqual(['3.0', '3.1', '3.2']);
  });

  it('are closed when another epoch is wanted, when the training stops in them, and when they are given up', async () => {
    const { diary, batches } = source();
    batches.begin(1);
    expect(await namesOf(batches.of(4))).toEqual(['4.0', '4.1', '4.2']);
    expect(diary).toEqual(['made 1.0', 'closed 1', 'made 4.0', 'made 4.1', 'made 4.2', 'closed 4']);
    batches.begin(5);
    for await (const { indices } of batches.of(5)) if (indices[1] === 1) break;
    expect(diary.slice(6)).toEqual(['made 5.0', 'made 5.1', 'closed 5']);
    batches.begin(6);
    await batches.release();
    await batches.release();
    expect(diary.slice(9)).toEqual(['made 6.0', 'closed 6']);
  });

  it('raise a failure where the batch is awaited', async () => {
    const { batches } = source();
    batches.begin(9);
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();
    await expect(namesOf(batches.of(9))).rejects.toThrow('a worker died');
  });
});
