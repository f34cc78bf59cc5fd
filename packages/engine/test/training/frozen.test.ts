import { bytesOf, compileForward, compileTrainingStep, floats, sgd, type TensorMap } from '@busana/engine';
import { expectClose } from '@busana/engine/testing';
import { describe, expect, it } from 'vitest';
import { planStep } from '../../src/training/plan.ts';
import { batchOf, body, smallNetwork } from './small-network.ts';

const build = smallNetwork({ dropout: 0 });
const backbone = (name: string): boolean => !name.startsWith('head.');
const early = (name: string): boolean => name.startsWith('early.');

function planned(frozen?: (name: string) => boolean): { types: string[]; moving: string[] } {
  const plan = planStep({ build, ...(frozen === undefined ? {} : { frozen }) });
  return {
    types: plan.graph.nodes.map(({ type }) => type),
    moving: [...plan.trained.map(({ name }) => name), ...plan.statistics.keys()],
  };
}

function copied(tensors: TensorMap): Map<string, Buffer> {
  return new Map([...tensors].map(([name, values]) => [name, Buffer.from(bytesOf(values))]));
}

describe('frozen parameters', () => {
  it('cost nothing: no gradients, no statistics, no momentum', () => {
    const convolutions = (types: readonly string[]): number => types.filter((type) => type.startsWith('Conv')).length;
    const [all, some, head] = [planned(), planned(early), planned(backbone)];
    expect(convolutions(head.types)).toBe(2); // The forward pass and no more.
    expect(convolutions(some.types)).toBeLessThan(convolutions(all.types));
    expect(head.types).not.toContain('BatchNormalizationTraining');
    expect(head.moving.sort()).toEqual(['head.bias', 'head.weight']);
    expect(some.moving.filter((name) => name.includes('early'))).toEqual([]);
  });

  it('stay as they are while the rest learns', async () => {
    const step = await compileTrainingStep({ build, optimizer: sgd(), seed: 1, frozen: early });
    const before = copied(step.parameters());
    for (let i = 0; i < 3; i += 1) await step.run(batchOf(i), { learningRate: 0.1 });
    const after = copied(step.parameters());
    for (const [name, bits] of before) expect(bits.equals(after.get(name)!), name).toBe(early(name));
    await step.release();
  });

  it('may be single statistics', () => {
    const { moving } = planned((name) => name === 'early.norm.running_var');
    expect(moving).toContain('early.norm.running_mean');
    expect(moving).not.toContain('early.norm.running_var');
  });

  it('normalise with the running statistics, as in evaluation', async () => {
    const initial = new Map([
      ['early.norm.running_mean', floats([4], [0.1, -0.2, 0.3, 0])],
      ['early.norm.running_var', floats([4], [0.5, 1, 2, 0.1])],
    ]);
    const step = await compileTrainingStep({ build, optimizer: sgd(), seed: 1, frozen: backbone, initial });
    const forward = await compileForward({
      build: (network) => ({
        logits: body(network, network.graph.input('x', 'float32', ['N', 2, 6, 6]), { dropout: 0 }),
      }),
    });
    const { x, targets } = batchOf(0);
    const expected = await forward.run({ x }, step.parameters());
    const { outputs } = await step.run({ x, targets }, { learningRate: 0.1 });
    expectClose(outputs['logits']!, expected['logits']!, 1e-5, 'logits');
    await Promise.all([step.release(), forward.release()]);
  });
});
