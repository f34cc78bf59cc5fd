/** @file What a model answers, as tensors: those of its graph, and what busana makes of them. */
import { BusanaError, type InferenceAnswer, type InferenceModel, type InferenceRequest, type Taxonomy, type TensorType } from '@busana/contracts'; // prettier-ignore
import type { Answer } from '@busana/vision';
import type { ModelIdentity, Predictor } from '../predictions/predictor.ts';
import { PHOTOS, PIXELS } from './inputs.ts';

interface Output {
  readonly name: string;
  readonly datatype: TensorType;
  /** Of one photo. */
  readonly shape: readonly number[];
  /** Names of the classes, of a distribution. */
  readonly classes?: readonly string[];
  /** The numbers or texts of one photo. */
  readonly of: (answer: Answer) => ArrayLike<number> | readonly string[];
}

/** What the protocol says of the model that answers now. */
export function describeModel(predictor: Predictor): InferenceModel {
  const { name, hash, size, width, taxonomy } = predictor;
  return {
    name,
    versions: [hash],
    platform: 'onnxruntime_onnx',
    inputs: [
      { name: PHOTOS, datatype: 'BYTES', shape: [-1] },
      { name: PIXELS, datatype: 'UINT8', shape: [-1, size, size, 3] },
    ],
    outputs: outputsOf(taxonomy, width).map((output) => {
      return { name: output.name, datatype: output.datatype, shape: [-1, ...output.shape] };
    }),
  };
}

/**
 * A distribution per attribute under its name; what was read, and whether it can be taken as it is; the embedding.
 * @param width numbers per embedding; 0 of a model that gives none
 */
function outputsOf({ attributes }: Taxonomy, width: number): Output[] {
  const distributions = attributes.map(({ name, values }, at): Output => {
    const of = ({ prediction }: Answer): number[] => {
      return values.map(({ code }) => prediction.attributes[at]!.probabilities[code]!);
    };
    return { name, datatype: 'FP32', shape: [values.length], classes: values.map(({ code }) => code), of };
  });
  const others: readonly Output[] = [
    { name: 'codes', datatype: 'BYTES', shape: [attributes.length], of: ({ prediction }) => prediction.attributes.map(({ code }) => code) }, // prettier-ignore
    { name: 'joint_confidence', datatype: 'FP32', shape: [], of: ({ prediction }) => [prediction.joint_confidence] },
    { name: 'status', datatype: 'BYTES', shape: [], of: ({ prediction }) => [prediction.status] },
    { name: 'reason', datatype: 'BYTES', shape: [], of: ({ prediction }) => [prediction.reason] },
    ...(width === 0 ? [] : [{ name: 'embedding', datatype: 'FP32', shape: [width], of: ({ embedding }) => embedding! } satisfies Output]), // prettier-ignore
  ];
  const taken = new Set(attributes.map(({ name }) => name));
  return [...distributions, ...others.filter(({ name }) => !taken.has(name))];
}

export interface Inference {
  readonly document: InferenceAnswer;
  /** Those outputs that are not in the document, in its order. */
  readonly tensors: readonly Uint8Array[];
}

/** @throws BusanaError USAGE for an output that there is not */
export function answerInference(
  taxonomy: Taxonomy,
  model: ModelIdentity,
  answers: readonly Answer[],
  { id, parameters, outputs: wanted }: InferenceRequest,
): Inference {
  const known = outputsOf(taxonomy, answers[0]?.embedding?.length ?? 0);
  const tensors: Uint8Array[] = [];
  const outputs = (wanted ?? known.map(({ name }) => ({ name, parameters: undefined }))).map((asked) => {
    const output = classified(expectOutput(known, asked.name), asked.parameters?.['classification']);
    const { name, datatype } = output;
    const values = answers.map((answer) => output.of(answer));
    const form = { name, shape: [answers.length, ...output.shape], datatype };
    const binary = asked.parameters?.['binary_data'] ?? parameters?.['binary_data_output'] ?? false;
    if (binary !== true) return { ...form, data: values.flatMap((row): (number | string)[] => Array.from<number | string>(row)) }; // prettier-ignore
    const bytes = Buffer.concat(values.map((row) => bytesOf(row, datatype)));
    tensors.push(bytes);
    return { ...form, parameters: { binary_data_size: bytes.length } };
  });
  return { document: { model_name: model.name, model_version: model.hash, ...(id !== undefined && { id }), outputs }, tensors }; // prettier-ignore
}

function expectOutput(known: readonly Output[], name: string): Output {
  const output = known.find((one) => one.name === name);
  if (output !== undefined) return output;
  throw new BusanaError('USAGE', `there is no output '${name}'`, { remedy: `There are ${known.map((one) => one.name).join(', ')}.` }); // prettier-ignore
}

/** The likeliest classes as texts `probability:index:code` (the extension for classification). */
function classified(output: Output, count: unknown): Output {
  if (count === undefined) return output;
  const { name, classes } = output;
  if (classes === undefined) throw new BusanaError('USAGE', `the output '${name}' has no classes`);
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1) {
    throw new BusanaError('USAGE', `classification of '${name}' is a number from 1`);
  }
  const most = Math.min(count, classes.length);
  const of = (answer: Answer): string[] => {
    const ranked = Array.from(output.of(answer) as ArrayLike<number>, (probability, index) => ({ probability, index }));
    ranked.sort((one, other) => other.probability - one.probability);
    return ranked
      .slice(0, most)
      .map(({ probability, index }) => `${probability.toFixed(6)}:${index}:${classes[index]!}`);
  };
  return { name, datatype: 'BYTES', shape: [most], of };
}

/** The lowest byte first, as the protocol has it; each text with its length before it, in 4 bytes. */
function bytesOf(row: ArrayLike<number> | readonly string[], type: TensorType): Buffer {
  if (type === 'BYTES') {
    return Buffer.concat(
      Array.from(row as readonly string[]).flatMap((text) => {
        const bytes = Buffer.from(text);
        const length = Buffer.alloc(4);
        length.writeUInt32LE(bytes.length);
        return [length, bytes];
      }),
    );
  }
  const bytes = Buffer.alloc(4 * row.length);
  Array.from(row as ArrayLike<number>).forEach((value, at) => bytes.writeFloatLE(value, 4 * at));
  return bytes;
}
