import { describe, expect, it } from 'vitest';
import { memoryOf, runToEnd } from '../finetune/process.ts';

const MEBIBYTE = 2 ** 20;
const inNode = (source: string) => runToEnd(process.execPath, ['-e', source]);
/** Holds 150 MiB for as long as two looks at the memory are apart. */
const hold = 'const held = Buffer.alloc(150 * 2 ** 20, 1); setTimeout(() => held.length, 1300);';

describe('a program from start to end', () => {
  it('has its seconds counted, and its JSON read', async () => {
    const { seconds, answer } = await inNode('setTimeout(() => console.log(\'{"emr": 0.5}\'), 700)');
    expect(seconds).toBeGreaterThan(0.7);
    expect(answer).toEqual({ emr: 0.5 });
  });

  it('that fails is named with what it said', async () => {
    await expect(inNode("console.error('no weights'); process.exit(3)")).rejects.toThrow(/ended with 3:\nno weights/);
    await expect(runToEnd('no-such-program', [])).rejects.toThrow('no-such-program');
  });
});

const known = (await memoryOf(process.pid)) !== undefined;

describe.skipIf(!known)('memory, where /proc tells it', () => {
  it('is the most that was held at once, that of child processes with it', async () => {
    const child = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(hold)}]);`;
    const { peak: alone } = await inNode(`${hold} console.log('null')`);
    const { peak: both } = await inNode(`${child} ${hold} console.log('null')`);
    expect(alone! / MEBIBYTE).toBeGreaterThan(150);
    expect(alone! / MEBIBYTE).toBeLessThan(300);
    expect((both! - alone!) / MEBIBYTE).toBeGreaterThan(120);
  });
});
