import { expectClose } from '@busana/engine/testing';
import { describe, expect, it } from 'vitest';
import { evaluated, fixture, specsOf, type Evaluation } from './originals.ts';

/** Small members of each family; parity.slow.ts has the large ones. */
const members = [
  'resnet18',
  'resnet50',
  'deit_tiny',
  'deit_tiny_distilled',
  'efficientnet_lite0',
  'mobilenet_v2',
  'yolo11n-cls',
];

describe.each(members)('%s', (member) => {
  it('has the parameters of the original, by name and shape', async () => {
    const original = await fixture<Evaluation>(`${member}.logits`);
    const shapes = Object.fromEntries(specsOf(original).map(({ name, shape }) => [name, shape]));
    expect(shapes).toEqual(original.shapes);
  });

  it('gives the logits of the original', async () => {
    const { actual, expected } = await evaluated(await fixture<Evaluation>(`${member}.logits`));
    expectClose(actual, expected, 1e-4, 'logits');
  });
});
