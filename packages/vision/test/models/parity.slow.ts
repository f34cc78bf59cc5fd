import { expectClose } from '@busana/engine/testing';
import { describe, expect, it } from 'vitest';
import { evaluated, fixture, specsOf, type Evaluation } from './originals.ts';

/** At the size of input they were published for. */
const members = ['resnet101', 'deit_base', 'deit_base_distilled', 'efficientnet_lite4', 'yolo11x-cls'];

describe.each(members)('%s', (member) => {
  it('has the parameters and gives the logits of the original', async () => {
    const original = await fixture<Evaluation>(`${member}.logits`);
    const shapes = Object.fromEntries(specsOf(original).map(({ name, shape }) => [name, shape]));
    expect(shapes).toEqual(original.shapes);
    const { actual, expected } = await evaluated(original);
    expectClose(actual, expected, 1e-4, 'logits');
  });
});
