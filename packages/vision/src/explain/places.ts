/** @file Where in a model's graph explanations look. */
import { ancestorsOf, type Graph, type Value } from '@busana/engine';
import type { Inside } from './open-subject.ts';

/** The output of an attribute. */
export function outputNamed({ outputs }: Graph, attribute: string): Value {
  const output = outputs.find(({ name }) => name === attribute);
  if (output === undefined) throw new RangeError(`the graph has no output '${attribute}'`);
  return output;
}

/**
 * The last value that leads to an attribute and still has places in it, as the architecture declares it. In a file
 * with a network per attribute, each attribute has its own.
 */
export function lastMapOf({ graph, architecture }: Inside, attribute: string): Value {
  const { operator, fromEnd, side } = architecture.lastMap;
  const found = ancestorsOf(graph, outputNamed(graph, attribute)).filter(({ type }) => type === operator);
  const node = found.at(-1 - fromEnd);
  const value = side === 'input' ? node?.inputs[0] : node?.outputs[0];
  if (value === undefined) throw new RangeError(`no ${operator} leads to '${attribute}'`);
  return value;
}

/** Attention matrices `[N, heads, tokens, tokens]` that lead to an attribute, the first block's first. */
export function attentionsOf({ graph }: Inside, attribute: string): readonly Value[] {
  return ancestorsOf(graph, outputNamed(graph, attribute)).flatMap(({ type, outputs }) =>
    type === 'Softmax' && outputs[0]!.shape.length === 4 ? [outputs[0]!] : [],
  );
}

/** Logits of an attribute: what its softmax reads, as calibrated; undefined where it is a sum of probabilities. */
export function logitsOf(graph: Graph, attribute: string): Value | undefined {
  let value = outputNamed(graph, attribute);
  for (;;) {
    const maker = graph.nodes.find(({ outputs }) => outputs.includes(value));
    const [read] = maker?.inputs ?? [];
    if (read === undefined) return undefined;
    if (maker?.type === 'Softmax') return read;
    if (maker?.type !== 'Identity') return undefined;
    value = read;
  }
}
