import { InferenceSession, Tensor } from 'onnxruntime-node';
import { Graph } from '../graph/graph.ts';
import { encodeModel } from '../proto/encode.ts';

/** More channels than any processor's block has. */
const CHANNELS = 64;

let found: Promise<number | undefined> | undefined;

/** Channels that lie side by side in the runtime's blocked layout on this processor; undefined where it has none. */
export function blockSize(): Promise<number | undefined> {
  return (found ??= findBlockSize());
}

/** Two points are reordered: the second point of the first channel lands behind as many channels as a block has. */
async function findBlockSize(): Promise<number | undefined> {
  const graph = new Graph();
  graph.output(graph.op('NchwcReorderInput', [graph.input('x', 'float32', [1, CHANNELS, 1, 2])]), 'y');
  try {
    const session = await InferenceSession.create(encodeModel(graph), { intraOpNumThreads: 1, logSeverityLevel: 4 });
    const x = Float32Array.from({ length: CHANNELS * 2 }, (_, index) => index);
    const { y } = await session.run({ x: new Tensor('float32', x, [1, CHANNELS, 1, 2]) });
    await session.release();
    const at = Array.from(y!.data as Float32Array).indexOf(1);
    return at > 1 ? at : undefined;
  } catch {
    return undefined;
  }
}
