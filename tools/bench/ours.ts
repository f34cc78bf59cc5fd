/** @file What our side runs: a training step or a prediction of one network on random pictures. */
import {
  adamW,
  compileForward,
  compileTrainingStep,
  Graph,
  initialise,
  Network,
  Random,
  sgd,
  softmaxCrossEntropy,
  tensor,
} from '@busana/engine';
import { trainingConfigSchema } from '@busana/contracts';
import { classifierOptions, classify, countMacs } from '@busana/vision';

const IMAGE_SIZE = 224;
const CLASSES = 10;

/** Something that can be timed: one call does the work for one batch. */
export interface Contender {
  /** Multiply-accumulate operations of one photo's forward pass. */
  readonly macs: number;
  readonly run: () => Promise<void>;
  readonly release: () => Promise<void>;
}

const heads = [{ name: 'label', classes: CLASSES }];

function build(network: Network, model: string, batch: number) {
  const image = network.graph.input('image', 'uint8', [batch, IMAGE_SIZE, IMAGE_SIZE, 3]);
  const config = trainingConfigSchema.parse({ model, imageSize: IMAGE_SIZE, normalise: 'zero-one' });
  return classify(network, image, heads, classifierOptions(config));
}

function randomPictures(batch: number) {
  const random = Random.of('bench');
  const pictures = tensor('uint8', [batch, IMAGE_SIZE, IMAGE_SIZE, 3]);
  for (let index = 0; index < pictures.data.length; index += 1) pictures.data[index] = random.integer(0, 255);
  return pictures;
}

/** Softmax cross-entropy and an optimizer: what PyTorch's side does too. */
export async function trainingStep(
  model: string,
  batch: number,
  optimizer: 'sgd' | 'adamw' | 'none',
): Promise<Contender> {
  const step = await compileTrainingStep({
    build(network) {
      const { logits } = build(network, model, batch);
      const target = network.graph.input('target', 'int64', [batch]);
      return { loss: softmaxCrossEntropy(network.graph, logits[0]!, target) };
    },
    optimizer: optimizer === 'adamw' ? adamW({ weightDecay: 0.01 }) : sgd({ momentum: 0.9 }),
    seed: 0,
  });
  const image = randomPictures(batch);
  const classes = BigInt64Array.from({ length: batch }, (_, index) => BigInt(index % CLASSES));
  const target = tensor('int64', [batch], classes);
  return {
    macs: emptyNetwork(model).macs,
    run: async () => void (await step.run({ image, target }, { learningRate: 1e-3 })),
    release: () => step.release(),
  };
}

/** Prediction with the parameters built in, as an exported model has them. */
export async function prediction(model: string, batch: number): Promise<Contender> {
  const { specs, macs } = emptyNetwork(model);
  const forward = await compileForward({
    build: (network) => ({ logits: build(network, model, batch).logits[0]! }),
    parameters: initialise(specs, 0),
  });
  const image = randomPictures(batch);
  return { macs, run: async () => void (await forward.run({ image })), release: () => forward.release() };
}

function emptyNetwork(model: string) {
  const network = new Network(new Graph(), { training: false });
  build(network, model, 1);
  return { specs: network.specs, macs: countMacs(network.graph) };
}
