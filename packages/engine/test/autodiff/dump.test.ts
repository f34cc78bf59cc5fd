/**
 * @file A guard for refactoring: the graphs of a training step of two small networks, word for word as they were.
 * Where a change of rules or forms is meant to change them, `npx vitest run -u` writes them anew, and the difference
 * is read before it is committed.
 */
import { dumpGraph, gradients, Graph, Network } from '@busana/engine';
import { expect, test } from 'vitest';
import { bodies, logitsOf, lossOf } from '../reference/networks.ts';

test.each(['residual', 'transformer'])('the forward and backward graph of the %s network', async (name) => {
  const graph = new Graph();
  const network = new Network(graph, { training: true });
  const loss = graph.output(lossOf(network, logitsOf(network, bodies[name]!)), 'loss');
  for (const [parameter, gradient] of gradients(graph, loss, [...network.parameters.values()])) {
    graph.output(gradient, `gradient of ${parameter.name}`);
  }
  await expect(dumpGraph(graph)).toMatchFileSnapshot(`../fixtures/graph-${name}.txt`);
});
