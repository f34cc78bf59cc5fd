import { linear, type Network, type Value } from '@busana/engine';
import type { Architecture } from './definition.ts';

/**
 * The classifier an architecture was published with, under its published parameter names. Several classifiers read
 * equal parts of the embedding, and the mean of their logits is taken: a distilled DeiT (Touvron et al. 2021, section 3)
 * has one for its class token and one for its distillation token.
 * @param embedding float32 `[N, D]`
 * @returns logits, float32 `[N, classes]`
 */
export function originalHead(
  network: Network,
  embedding: Value,
  { classifiers }: Pick<Architecture, 'classifiers'>,
  classes: number,
): Value {
  const { graph } = network;
  const count = classifiers.length;
  if (count === 1) return linear(network, classifiers[0]!, embedding, classes);
  const width = Number(embedding.shape[1]) / count;
  const parts = graph.emit('Split', [embedding, graph.integers(classifiers.map(() => width))], count, { axis: 1 });
  const [first, ...others] = parts.map((part, index) => linear(network, classifiers[index]!, part, classes));
  const sum = others.reduce((total, logits) => graph.op('Add', [total, logits]), first!);
  return graph.op('Mul', [sum, graph.scalar(1 / count)]);
}
