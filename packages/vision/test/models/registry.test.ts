import { Graph, Network, parameterCount } from '@busana/engine';
import { describe, expect, it } from 'vitest';
import { countMacs } from '../../src/models/cost.ts';
import { stageOf } from '../../src/models/definition.ts';
import { describeArchitectures } from '../../src/models/describe.ts';
import { originalHead } from '../../src/models/original-head.ts';
import { architectureNamed, architectures } from '../../src/models/registry.ts';

/** The architecture for the thousand classes that published figures are for, at its own size of input. */
function original(name: string): Network {
  const architecture = architectureNamed(name);
  const imageSize = architecture.defaultImageSize;
  const network = new Network(new Graph(), { training: false });
  const image = network.graph.input('image', 'float32', [1, 3, imageSize, imageSize]);
  const embedding = architecture.backbone(network, image, { imageSize, stochasticDepth: 0, attention: 'none' });
  originalHead(network, embedding, architecture, 1000);
  return network;
}

describe('architectures', () => {
  it.each([
    ['resnet18', 11_689_512],
    ['resnet34', 21_797_672],
    ['resnet50', 25_557_032],
    ['resnet101', 44_549_160],
    ['deit_tiny', 5_717_416],
    ['deit_small', 22_050_664],
    ['deit_base', 86_567_656],
    ['deit_base_distilled_patch16_224', 87_338_192],
    ['efficientnet_lite0', 4_652_008],
    ['efficientnet_lite1', 5_416_680],
    ['efficientnet_lite2', 6_092_072],
    ['efficientnet_lite4', 13_006_568],
    ['mobilenet_v2', 3_504_872],
    ['yolo11n-cls', 2_812_104],
    ['yolo11s-cls', 6_724_008],
    ['yolo11m-cls', 11_634_216],
    ['yolo11l-cls', 14_115_624],
    ['yolo11x-cls', 29_637_064],
  ])('%s has the original number of parameters', (name, parameters) => {
    expect(parameterCount(original(name).specs)).toBe(parameters);
  });

  it.each([
    ['resnet50', 4.087],
    ['mobilenet_v2', 0.299],
    ['efficientnet_lite0', 0.384],
    ['deit_tiny', 1.253],
    ['yolo11n-cls', 0.195],
  ])('%s takes %f billion multiply-accumulate operations per photo, its classifier apart', (name, billions) => {
    const { graph } = original(name);
    const [logits] = graph.nodes.filter(({ type }) => type === 'Gemm').slice(-1);
    const classifier = 1000 * Number(logits!.inputs[0]!.shape[1]);
    expect((countMacs(graph) - classifier) / 1e9).toBeCloseTo(billions, 3);
  });

  it('are listed with figures of their own, and others are refused by name', () => {
    const described = describeArchitectures();
    expect(described.map(({ name }) => name)).toEqual(architectures.map(({ name }) => name));
    expect(described.find(({ name }) => name === 'resnet18')?.parameters).toBe(11_689_512 - 1000 * (512 + 1));
    expect(() => architectureNamed('resnet51')).toThrow(/resnet51/);
  });

  it.each(architectures.map(({ name }) => name))('%s has each parameter in a stage, from input to output', (name) => {
    const architecture = architectureNamed(name);
    const imageSize = architecture.defaultImageSize;
    const network = new Network(new Graph(), { training: false });
    const image = network.graph.input('image', 'float32', [1, 3, imageSize, imageSize]);
    architecture.backbone(network, image, { imageSize, stochasticDepth: 0, attention: 'none' });
    const stages = network.specs.map((spec) => stageOf(architecture, spec.name));
    expect(new Set(stages)).toEqual(new Set(architecture.stages.keys()));
    expect(stages).toEqual(stages.toSorted((a, b) => a - b));
  });
});
