import {
  buildForward,
  compileForward,
  createSession,
  decodeModel,
  encodeModel,
  Graph,
  initialise,
  Network,
  type Value,
} from '@busana/engine';
import { expectClose } from '@busana/engine/testing';
import { describe, expect, it } from 'vitest';
import { batchOf, body } from './small-network.ts';

const build = (network: Network): { logits: Value } => ({
  logits: body(network, network.graph.input('x', 'float32', ['N', 2, 6, 6]), { dropout: 0.5 }),
});

function parametersOf(seed: number): ReturnType<typeof initialise> {
  const network = new Network(new Graph(), { training: false });
  build(network);
  return initialise(network.specs, seed);
}

describe('a network with its parameters built in', () => {
  it('is a model of its own with the named inputs and outputs', async () => {
    const parameters = parametersOf(2);
    const bytes = encodeModel(buildForward({ build, parameters }));
    const { graph } = decodeModel(bytes);
    expect(graph.inputs.map(({ name, shape }) => [name, shape])).toEqual([['x', ['N', 2, 6, 6]]]);
    expect(graph.outputs.map(({ name, shape }) => [name, shape])).toEqual([['logits', ['N', 3]]]);

    const { x } = batchOf(0);
    const session = await createSession(bytes);
    const fed = await compileForward({ build });
    const builtIn = await compileForward({ build, parameters });
    expect(builtIn.specs).toEqual([]);
    const expected = await fed.run({ x }, parameters);
    expectClose((await session.run({ x }))['logits']!, expected['logits']!, 1e-5, 'logits');
    expectClose((await builtIn.run({ x }))['logits']!, expected['logits']!, 1e-5, 'logits');
    await Promise.all([session.release(), fed.release(), builtIn.release()]);
  });

  it('names the parameter that is missing', () => {
    const parameters = parametersOf(2);
    parameters.delete('late.norm.running_var');
    expect(() => buildForward({ build, parameters })).toThrow("no numbers for 'late.norm.running_var'");
  });
});
