import { createSession, decodeModel, encodeModel, Random, type Graph, type Tensor } from '@busana/engine';
import { readFile } from 'node:fs/promises';
import { makeGolden, sessionAnswer } from '../../packages/vision/src/artifact/golden.ts';
import { readMetadata } from '../../packages/vision/src/artifact/model.ts';

/**
 * A model file with the weights of every convolution and linear layer drawn anew, normal with the deviation that each
 * tensor had (Adebayo et al. 2018, "Sanity checks for saliency maps", section 3), and a golden check of its own.
 */
export async function randomised(file: string, seed: number): Promise<Uint8Array> {
  const bytes = await readFile(file);
  const { size } = readMetadata(bytes, file)['busana.preprocess'];
  const { graph, metadata } = decodeModel(bytes);
  // The graph is this function's own: its numbers are drawn in place.
  for (const { name, constant } of graph.constants) if (isWeight(constant)) redraw(constant, Random.of(seed, name));
  return withGolden(graph, metadata, size);
}

function isWeight(constant: Tensor | undefined): constant is Tensor<'float32'> {
  return constant?.type === 'float32' && constant.shape.length > 1 && constant.data.length > 64;
}

function redraw({ data }: Tensor<'float32'>, random: Random): void {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const deviation = Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length);
  for (let at = 0; at < data.length; at += 1) data[at] = random.normal(0, deviation);
}

async function withGolden(graph: Graph, metadata: Readonly<Record<string, string>>, size: number): Promise<Uint8Array> {
  const session = await createSession(encodeModel(graph));
  const golden = await makeGolden(size, sessionAnswer(session, size));
  await session.release();
  return encodeModel(graph, { metadata: { ...metadata, 'busana.golden': JSON.stringify(golden) } });
}
