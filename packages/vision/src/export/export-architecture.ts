/** @file `busana export --model`: an architecture as an ONNX file of its own, apart from any training. */
import { BusanaError, trainingConfigSchema, type TrainingConfig } from '@busana/contracts';
import {
  buildForward,
  encodeModel,
  Graph,
  initialise,
  Network,
  parameterCount,
  type Tensor,
  type TensorMap,
  type Value,
} from '@busana/engine';
import { classifierOptions, type ClassifierOptions } from '../models/classifier.ts';
import type { Architecture, Attention } from '../models/definition.ts';
import { originalHead } from '../models/original-head.ts';
import { architectureNamed } from '../models/registry.ts';
import { writeOutput } from '../output/write.ts';
import { resolveWeights } from '../weights/cache.ts';
import { fitWeights } from '../weights/fit.ts';
import { readWeights } from '../weights/read.ts';

/** Of ImageNet-1k, which the official weights were trained on. */
const IMAGENET_CLASSES = 1000;

export interface ExportRequest {
  /** A name of `busana models`. */
  readonly model: string;
  /** A weights file or a name of `busana weights list`; without it the file has random start values. */
  readonly weights?: string;
  /** `original`: the classifier the weights were published with; `none`: the embedding. Default `original`. */
  readonly head?: 'original' | 'none';
  /** Side of the square input, in pixels; default: the architecture's. */
  readonly imageSize?: number;
  readonly attention?: Attention;
  /** Of the values that no weights file gives; default 0. */
  readonly seed?: number;
  readonly out: string;
  /** Folder of downloaded weights; default: the user's cache folder. */
  readonly cache?: string;
}

export interface Exported {
  readonly file: string;
  readonly model: string;
  readonly input: { readonly name: 'image'; readonly shape: readonly (string | number)[] };
  readonly output: { readonly name: 'logits' | 'embedding'; readonly shape: readonly (string | number)[] };
  /** The weights file that was read; undefined: random start values. */
  readonly weights?: string;
  readonly parameters: number;
  readonly bytes: number;
  /** What to know about the weights, for people. */
  readonly notes: readonly string[];
}

/**
 * Writes a graph from `image`, float32 `[N, 3, H, W]` and already normalised, to `logits` `[N, classes]` or
 * `embedding` `[N, D]`.
 * @throws BusanaError CONFIG_INVALID, WEIGHTS_UNAVAILABLE, WEIGHTS_INVALID, OUTPUT_UNWRITABLE
 */
export async function exportArchitecture(request: ExportRequest): Promise<Exported> {
  const { head = 'original', out } = request;
  const config = configOf(request);
  const options = classifierOptions(config);
  const { architecture, imageSize } = options;
  const file = request.weights === undefined ? undefined : await resolveWeights(request.weights, request.cache);
  const weights = file === undefined ? undefined : await readWeights(file);
  const classes = head === 'none' ? 0 : weights === undefined ? IMAGENET_CLASSES : classesOf(weights, architecture);
  const build = (network: Network): Record<string, Value> => forward(network, options, classes);
  const described = new Network(new Graph(), { training: false });
  build(described);
  const { specs } = described;
  const fitted =
    weights === undefined
      ? { tensors: new Map<string, Tensor>(), notes: ['random start values: no --weights given'] }
      : fitWeights(architecture, weights, { specs, imageSize, head: head === 'original' ? 'original' : 'replaced' });
  const parameters = new Map([...initialise(specs, config.seed), ...fitted.tensors]);
  const graph = buildForward({ build, parameters });
  const metadata = {
    'busana.architecture': JSON.stringify({ name: architecture.name, normalise: architecture.normalise, head }),
  };
  const bytes = encodeModel(graph, { metadata, producer: 'busana' });
  await writeOutput(out, bytes);
  const [output] = graph.outputs;
  return {
    file: out,
    model: architecture.name,
    input: { name: 'image', shape: ['N', 3, imageSize, imageSize] },
    output: { name: classes === 0 ? 'embedding' : 'logits', shape: output!.shape },
    ...(file !== undefined && { weights: file }),
    parameters: parameterCount(specs),
    bytes: bytes.length,
    notes: fitted.notes,
  };
}

/** @param classes of the original head; 0 leaves the embedding */
function forward(network: Network, options: ClassifierOptions, classes: number): Record<string, Value> {
  const { architecture, imageSize } = options;
  const image = network.graph.input('image', 'float32', ['N', 3, imageSize, imageSize]);
  const embedding = architecture.backbone(network, image, options);
  return classes === 0 ? { embedding } : { logits: originalHead(network, embedding, architecture, classes) };
}

/** As many classes as the file's own classifier has. */
function classesOf(weights: TensorMap, { classifiers, officialName = (name) => name }: Architecture): number {
  for (const [name, { shape }] of weights) {
    const [classes] = shape;
    const own = officialName(name);
    if (classes !== undefined && classifiers.some((prefix) => own === `${prefix}.weight`)) return classes;
  }
  return IMAGENET_CLASSES;
}

function configOf({ model, imageSize, attention, seed }: ExportRequest): TrainingConfig {
  const parsed = trainingConfigSchema.safeParse({
    model,
    imageSize: imageSize ?? architectureNamed(model).defaultImageSize,
    ...(attention !== undefined && { attention }),
    ...(seed !== undefined && { seed }),
  });
  if (parsed.success) return parsed.data;
  const what = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new BusanaError('CONFIG_INVALID', what, { cause: parsed.error });
}
