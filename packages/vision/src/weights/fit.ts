/** @file Brings the tensors of a weights file to an architecture: names, shapes, and what to do with its classifier. */
import { BusanaError } from '@busana/contracts';
import { sizeOf, type ParameterSpec, type Tensor, type TensorMap } from '@busana/engine';
import type { Architecture } from '../models/definition.ts';

export interface FitWeightsOptions {
  /** Parameters and running statistics wanted, the original classifier among them when it is kept. */
  readonly specs: readonly ParameterSpec[];
  /** Side of the square input, in pixels. */
  readonly imageSize: number;
  /** Whether the file's classifier is kept or makes room for other heads. */
  readonly head: 'original' | 'replaced';
}

export interface FittedWeights {
  /** By the name of the parameter; shapes as wanted. */
  readonly tensors: TensorMap;
  /** What was done on purpose, for people. */
  readonly notes: readonly string[];
}

/** Prefixes of what this product puts on an embedding: files of its own training are weights files too. */
const OWN_HEADS = ['heads', 'neck'];
/** What a file may lack: it was trained without. */
const OPTIONAL = '.attention.';
/** What the engine calls numbers of a graph that are no parameters, in the files of this product. */
const OWN_CONSTANT = /(^|\/)constant_\d+$/;
const LISTED = 8;

/**
 * @throws BusanaError WEIGHTS_INVALID naming the tensors that are missing or have another shape
 */
export function fitWeights(architecture: Architecture, weights: TensorMap, options: FitWeightsOptions): FittedWeights {
  const { specs, imageSize, head } = options;
  const renamed = rename(weights, architecture);
  const adapted = architecture.adapt?.(renamed, { imageSize }) ?? renamed;
  const found = specs.filter(({ name }) => adapted.has(name));
  const missing = specs.filter(({ name }) => !adapted.has(name)).map(({ name }) => name);
  refuseMisfits(architecture, {
    missing: missing.filter((name) => !name.includes(OPTIONAL)),
    misshapen: found.filter((spec) => !sameShape(spec.shape, adapted.get(spec.name)!)),
    found: adapted,
  });
  const wanted = new Set(specs.map(({ name }) => name));
  const unused = [...adapted.keys()].filter((name) => !wanted.has(name));
  const classifiers = unused.filter((name) => isClassifier(architecture, name));
  const extra = unused.filter((name) => !classifiers.includes(name) && !OWN_CONSTANT.test(name));
  const random = missing.filter((name) => name.includes(OPTIONAL));
  return {
    tensors: new Map(found.map(({ name }) => [name, adapted.get(name)!])),
    notes: [
      ...(head === 'replaced' ? [replaced(architecture, classifiers, adapted)] : []),
      ...(random.length > 0 ? [`the weights are without attention, which starts at random: ${list(random)}`] : []),
      ...(extra.length > 0 ? [`the weights file holds more than ${architecture.name} uses: ${list(extra)}`] : []),
    ],
  };
}

function rename(weights: TensorMap, { officialName }: Architecture): TensorMap {
  if (officialName === undefined) return weights;
  return new Map([...weights].map(([name, tensor]) => [officialName(name), tensor]));
}

interface Misfits {
  readonly missing: readonly string[];
  readonly misshapen: readonly ParameterSpec[];
  readonly found: TensorMap;
}

function refuseMisfits({ name }: Architecture, { missing, misshapen, found }: Misfits): void {
  const complaints = [
    ...(missing.length > 0 ? [`missing: ${list(missing)}`] : []),
    ...(misshapen.length > 0
      ? [`of another shape: ${list(misshapen.map((spec) => comparison(spec, found.get(spec.name)!)))}`]
      : []),
  ];
  if (complaints.length === 0) return;
  const others = missing.length > 0 ? `; the file holds ${list([...found.keys()])}` : '';
  throw new BusanaError('WEIGHTS_INVALID', `the weights do not fit ${name}; ${complaints.join('; ')}${others}`);
}

function comparison({ name, shape }: ParameterSpec, tensor: Tensor): string {
  return `${name} [${tensor.shape.join(', ')}] instead of [${shape.join(', ')}]`;
}

function sameShape(shape: readonly number[], tensor: Tensor): boolean {
  return shape.length === tensor.shape.length && shape.every((size, axis) => size === tensor.shape[axis]);
}

function isClassifier({ classifiers }: Architecture, name: string): boolean {
  return [...classifiers, ...OWN_HEADS].some((prefix) => name.startsWith(`${prefix}.`));
}

function replaced({ name }: Architecture, classifiers: readonly string[], weights: TensorMap): string {
  if (classifiers.length === 0) return `the weights are a backbone of ${name} without a classifier`;
  const numbers = classifiers.reduce((sum, tensor) => sum + sizeOf(weights.get(tensor)!.shape), 0);
  return `pretrained ${name}; its classifier (${list(classifiers)}: ${numbers} numbers) is replaced by new heads`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, LISTED).join(', ');
  return names.length > LISTED ? `${shown} and ${names.length - LISTED} more` : shown;
}
