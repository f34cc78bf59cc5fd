import { trainingConfigSchema, type TrainingConfig } from '@busana/contracts';
import { compileForward, Graph, initialise, Network, Random, tensor, type Tensor } from '@busana/engine';
import { expectClose } from '@busana/engine/testing';
import { describe, expect, it } from 'vitest';
import { classifierOptions, classify } from '../../src/models/classifier.ts';
import { expectConsistent } from '../../src/train/settings.ts';

const SIZE = 32;
const heads = [
  { name: 'type', classes: 2 },
  { name: 'colour', classes: 5 },
];

const configOf = (mirror: boolean, more: Partial<TrainingConfig> = {}): TrainingConfig =>
  trainingConfigSchema.parse({ model: 'cnn', imageSize: SIZE, mirror, ...more });

async function outputs(mirror: boolean, image: Tensor): Promise<Record<string, Tensor>> {
  const options = classifierOptions(configOf(mirror));
  const build = (network: Network) => {
    const { embedding, logits } = classify(
      network,
      network.graph.input('image', 'uint8', ['N', SIZE, SIZE, 3]),
      heads,
      options,
    );
    return { embedding, type: logits[0]!, colour: logits[1]! };
  };
  const declared = new Network(new Graph(), { training: false });
  build(declared);
  const forward = await compileForward({ build, parameters: initialise(declared.specs, 3) });
  const result = await forward.run({ image });
  await forward.release();
  return result;
}

function pictures(): Tensor {
  const random = Random.of('mirror');
  const image = tensor('uint8', [3, SIZE, SIZE, 3]);
  for (let index = 0; index < image.data.length; index += 1) image.data[index] = random.integer(0, 255);
  return image;
}

function turned(image: Tensor): Tensor {
  const result = tensor('uint8', image.shape);
  result.data.forEach((_, index) => {
    const [pixel, channel] = [Math.floor(index / 3), index % 3];
    const [row, column] = [Math.floor(pixel / SIZE), pixel % SIZE];
    result.data[index] = Number(image.data[(row * SIZE + SIZE - 1 - column) * 3 + channel]);
  });
  return result;
}

describe('the setting mirror', () => {
  it('gives the mean of the logits, and of the embedding, of a photo and its mirror image', async () => {
    const image = pictures();
    const [plain, other, both, swapped] = [
      await outputs(false, image),
      await outputs(false, turned(image)),
      await outputs(true, image),
      await outputs(true, turned(image)),
    ];
    for (const name of ['embedding', 'type', 'colour']) {
      const mean = tensor('float32', plain[name]!.shape);
      mean.data.forEach((_, index) => {
        mean.data[index] = (Number(plain[name]!.data[index]) + Number(other[name]!.data[index])) / 2;
      });
      expectClose(both[name]!, mean, 1e-5, name);
      expectClose(swapped[name]!, mean, 1e-5, name);
      expect(both[name]!.data).not.toEqual(plain[name]!.data);
    }
  });

  it('leaves the network that is trained alone', () => {
    const nodes = (mirror: boolean) => {
      const network = new Network(new Graph(), { training: true });
      const image = network.graph.input('image', 'uint8', [4, SIZE, SIZE, 3]);
      classify(network, image, heads, classifierOptions(configOf(mirror)));
      return network.graph.nodes.map(({ type }) => type);
    };
    expect(nodes(true)).toEqual(nodes(false));
  });

  it('is refused where there are no photos to turn', () => {
    expect(() => expectConsistent(configOf(true, { freeze: true }))).toThrow('mirror needs photos');
  });
});
