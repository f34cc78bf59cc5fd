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

const CLASSES = 10;

/** What a contender works on. */
export interface Work {
  readonly model: string;
  readonly batch: number;
  /** Edge of the photos, pixels. */
  readonly imageSize: number;
  /** Threads of the runtime; without it, one per core. */
  readonly threads?: number;
}

/** Something that can be timed: one call does the work for one batch. */
export interface Contender {
  /** Multiply-accumulate operations of one photo's forward pass. */
  readonly macs: number;
  readonly run: () => Promise<void>;
  readonly release: () => Promise<void>;
}

const heads = [{ name: 'label', classes: CLASSES }];

/** One of the networks with a head, its input a batch of pictures. */
export function build(network: Network, { model, batch, imageSize }: Work) {
  const image = network.graph.input('image', 'uint8', [batch, imageSize, imageSize, 3]);
  const config = trainingConfigSchema.parse({ model, imageSize, normalise: 'zero-one' });
  return classify(network, image, heads, classifierOptions(config));
}

function randomPictures({ batch, imageSize }: Work) {
  const random = Random.of('bench');
  const pictures = tensor('uint8', [batch, imageSize, imageSize, 3]);
  for (let index = 0; index < pictures.data.length; index += 1) pictures.data[index] = random.integer(0, 255);
  return pictures;
}

/** Softmax cross-entropy and an optimizer: what PyTorch's side does too. */
export async function trainingStep(work: Work, optimizer: 'sgd' | 'adamw' | 'none'): Promise<Contender> {
  const { batch } = work;
  const step = await compileTrainingStep({
    build(network) {
      const { logits } = build(network, work);
      const target = network.graph.input('target', 'int64', [batch]);
      return { loss: softmaxCrossEntropy(network.graph, logits[0]!, target) };
    },
    optimizer: optimizer === 'adamw' ? adamW({ weightDecay: 0.01 }) : sgd({ momentum: 0.9 }),
    seed: 0,
    session: sessionOf(work),
  });
  const image = randomPictures(work);
  const classes = BigInt64Array.from({ length: batch }, (_, index) => BigInt(index % CLASSES));
  const target = tensor('int64', [batch], classes);
  return {
    macs: emptyNetwork(work).macs,
    run: async () => void (await step.run({ image, target }, { learningRate: 1e-3 })),
    release: () => step.release(),
  };
}

/** Prediction with the parameters built in, as an exported model has them. */
export async function prediction(work: Work): Promise<Contender> {
  const { specs, macs } = emptyNetwork(work);
  const forward = await compileForward({
    build: (network) => ({ logits: build(network, work).logits[0]! }),
    parameters: initialise(specs, 0),
    session: sessionOf(work),
  });
  const image = randomPictures(work);
  return { macs, run: async () => void (await forward.run({ image })), release: () => forward.release() };
}

function sessionOf({ threads }: Work) {
  return threads === undefined ? {} : { threads };
}

function emptyNetwork(work: Work) {
  const network = new Network(new Graph(), { training: false });
  build(network, { ...work, batch: 1 });
  return { specs: network.specs, macs: countMacs(network.graph) };
}
