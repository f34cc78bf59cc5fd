/** @file How long each form of a weight gradient takes, from operands in blocks to the gradient in the order of its axes. */
import { performance } from 'node:perf_hooks';
import { createSession, Graph, tensor, type Value } from '@busana/engine';
import { blockedWeightGradient } from '../../../packages/engine/src/lowering/blocked/weight-gradient.ts';
import {
  nameOfShape,
  type WeightGradientForm,
  type WeightGradientShape,
} from '../../../packages/engine/src/lowering/blocked/weight-gradient-forms.ts';
import { LoweredValues } from '../../../packages/engine/src/lowering/values.ts';
import { Build } from '../../../packages/engine/src/rules/build.ts';

/** Each form is timed so often, all others in between, so that a machine that slows down slows all. */
const ROUNDS = 2;
const WARM_UP = 2;
const RUNS = 5;

/** The best of several runs of each form. */
export async function secondsOf(
  shape: WeightGradientShape,
  forms: readonly WeightGradientForm[],
  block: number,
): Promise<ReadonlyMap<WeightGradientForm, number>> {
  const best = new Map(forms.map((form) => [form, Infinity]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const form of forms) best.set(form, Math.min(best.get(form)!, await secondsOfForm(shape, form, block)));
  }
  return best;
}

/** In a session of its own and no other beside it: threads that wait for work keep the processor busy for a while. */
async function secondsOfForm(shape: WeightGradientShape, form: WeightGradientForm, block: number): Promise<number> {
  const { graph, feeds } = graphOf(shape, form, block);
  const session = await createSession(graph, { memory: 'as needed' });
  let best = Infinity;
  for (let run = 0; run < WARM_UP + RUNS; run += 1) {
    const before = performance.now();
    await session.run(feeds);
    if (run >= WARM_UP) best = Math.min(best, (performance.now() - before) / 1000);
  }
  await session.release();
  return best;
}

function graphOf(shape: WeightGradientShape, form: WeightGradientForm, block: number) {
  const { images, channels, filters, kernel, strides, outputSizes } = shape;
  // As much padding as makes the input a multiple of the output.
  const padding = kernel.map((size, axis) => Math.max(0, size - strides[axis]!));
  const pads = [...padding.map((count) => Math.ceil(count / 2)), ...padding.map((count) => Math.floor(count / 2))];
  const inputSizes = outputSizes.map((size, axis) => size * strides[axis]!);
  const original = new Graph();
  const x = original.input('x', 'float32', [images, channels, ...inputSizes]);
  const dy = original.input('dy', 'float32', [images, filters, ...outputSizes]);
  original.op('ConvWeightGradient', [x, dy], { kernel_shape: kernel, strides, pads });
  const [node] = original.nodes;
  if (node?.type !== 'ConvWeightGradient') throw new TypeError('the graph has one weight gradient');

  const graph = new Graph();
  const build = new Build(graph);
  const values = new LoweredValues(build, block);
  const feeds = Object.fromEntries([x, dy].map((value) => [value.name, place(graph, values, value)]));
  const dw = blockedWeightGradient(build, values, node, { [block]: { [nameOfShape(shape)]: form } });
  if (dw === undefined) throw new RangeError(`${nameOfShape(shape)} has no form in blocks`);
  graph.output(dw, 'dw');
  return { graph, feeds };
}

/** Makes a value an input that stands in blocks, but for pictures, which have few channels and lie plainly. */
function place(graph: Graph, values: LoweredValues, value: Value) {
  const [images, channels, ...sizes] = value.shape as [number, number, ...number[]];
  const isPicture = channels <= 4;
  const shape = [images, isPicture ? channels : values.channelsOf(channels), ...sizes];
  const copy = graph.input(value.name, 'float32', shape);
  if (isPicture) values.setPlain(value, copy);
  else values.setBlocked(value, copy);
  const content = tensor('float32', shape);
  for (let index = 0; index < content.data.length; index += 1)
    content.data[index] = ((index * 7919) % 1021) / 1021 - 0.5;
  return content;
}
