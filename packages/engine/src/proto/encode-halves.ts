/**
 * @file Models half the size: weights stored in half precision and cast to float32 when the model is loaded. The
 * arithmetic stays in float32, because the runtime has few half-precision kernels for processors and would put casts
 * around every operator; runtimes compute the casts of constants once, so that the speed stays as well.
 */
import type { Graph } from '../graph/graph.ts';
import { encodeModel, modelMessage, type EncodeOptions } from './encode.ts';
import { halves, LARGEST_HALF } from './halves.ts';
import { writeModelMessage, type NodeMessage } from './messages.ts';

/** ONNX's number of the element type (TensorProto.DataType). */
const FLOAT16 = 10;
const FLOAT32 = 1;
/** Biases and statistics are small, and half precision would gain nothing on them. */
const LEAST_RANK = 2;

/** @returns bytes in which matrices and kernels are stored in half precision, under their own names */
export function encodeHalves(graph: Graph, options: EncodeOptions = {}): Uint8Array {
  const shrunk = graph.constants.filter(
    ({ shape, constant }) =>
      constant?.type === 'float32' &&
      shape.length >= LEAST_RANK &&
      constant.data.length > 64 &&
      // What does not fit stays in float32.
      (constant.data as Float32Array).every((value) => Math.abs(value) <= LARGEST_HALF),
  );
  if (shrunk.length === 0) return encodeModel(graph, options);
  const message = modelMessage(graph, options);
  const contents = new Map(shrunk.map(({ name, constant }) => [name, constant!]));
  const casts = shrunk.map(({ name }): NodeMessage => {
    const attribute = [{ name: 'to', type: 2, i: FLOAT32 }];
    return { name: `${name}:load`, opType: 'Cast', input: [name], output: [`${name}:real`], attribute };
  });
  const reads = (name: string): string => (contents.has(name) ? `${name}:real` : name);
  return writeModelMessage({
    ...message,
    graph: {
      ...message.graph,
      node: [
        ...casts,
        ...(message.graph.node ?? []).map((node) => ({ ...node, input: (node.input ?? []).map(reads) })),
      ],
      initializer: (message.graph.initializer ?? []).map((initializer) => {
        const content = contents.get(initializer.name ?? '');
        if (content === undefined) return initializer;
        const rawData = new Uint8Array(halves(content.data as Float32Array).buffer);
        return { ...initializer, dataType: FLOAT16, rawData };
      }),
    },
  });
}
