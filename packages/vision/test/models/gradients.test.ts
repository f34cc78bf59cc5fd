import { describe, expect, it } from 'vitest';
import type { Attention } from '../../src/models/definition.ts';
import { fixture, trained, twoNumbers, type Training } from './originals.ts';

const members: readonly (readonly [name: string, attention: Attention])[] = [
  ['resnet18', 'none'],
  ['resnet18-se', 'se'],
  ['resnet18-eca', 'eca'],
  ['resnet18-cbam', 'cbam'],
  ['deit_tiny', 'none'],
  ['efficientnet_lite0', 'none'],
  ['mobilenet_v2', 'none'],
  ['yolo11n-cls', 'none'],
];

describe.each(members)('a training step of %s', (member, attention) => {
  it('has the loss, the gradients and the running statistics of the original', async () => {
    const original = await fixture<Training>(`${member}.training`);
    const { loss, gradients, statistics } = await trained(original, attention);
    expect(Math.abs(loss / original.loss - 1)).toBeLessThan(1e-4);
    expect([...gradients.keys()].sort()).toEqual(Object.keys(original.gradients).sort());
    expect([...statistics.keys()].sort()).toEqual(Object.keys(original.statistics).sort());
    const largest = Math.max(...Object.values(original.gradients).map(([norm]) => norm));
    const wrong = [...gradients, ...statistics].flatMap(([name, values]) => {
      const [norm, product] = original.gradients[name] ?? original.statistics[name]!;
      const [ours, along] = twoNumbers(name, values);
      // What is zero but for rounding, as the gradient of a bias before batch norm, has no digits of its own.
      const scale = norm > 1e-9 * largest ? norm : 0.1 * largest;
      const error = Math.max(Math.abs(ours - norm), Math.abs(along - product)) / scale;
      return error < 1e-4 ? [] : [`${name}: ${ours}, ${along}, not ${norm}, ${product}`];
    });
    expect(wrong).toEqual([]);
  });
});
