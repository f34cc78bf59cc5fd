/** @file What is explained: one class of one attribute. */
import { BusanaError, type Attribute } from '@busana/contracts';
import { labelOf, resolveValue } from '../taxonomy/names.ts';
import type { Answer, Subject } from './subject.ts';

export interface Target {
  /** Name of the output. */
  readonly attribute: string;
  /** How many classes the output has, and which of them is meant. */
  readonly classes: number;
  readonly index: number;
  readonly code: string;
  readonly label: string;
}

/** Which targets a person asked for. */
export interface Wish {
  /** Names of attributes; default: all. */
  readonly attributes?: readonly string[];
  /** Codes, names or aliases of classes, `all`, or `predicted` (default): the likeliest of each attribute. */
  readonly classes?: readonly string[];
}

/** Refuses names that the model does not have, before any work is done. @throws BusanaError USAGE */
export function checkWish({ attributes }: Pick<Subject, 'attributes'>, wish: Wish): void {
  const chosen = chosenAttributes(attributes, wish);
  for (const name of namedClasses(wish)) {
    if (chosen.some((attribute) => resolveValue(attribute, name) !== undefined)) continue;
    const known = chosen.map(
      (attribute) => `${attribute.name}: ${attribute.values.map((value) => labelOf(value)).join(', ')}`,
    );
    throw new BusanaError('USAGE', `no attribute that is explained has a class '${name}'`, {
      remedy: `Choose from ${known.join('; ')}.`,
    });
  }
}

/** The targets for the first photo of an answer. */
export function targetsOf({ attributes }: Pick<Subject, 'attributes'>, wish: Wish, answer: Answer): Target[] {
  return chosenAttributes(attributes, wish).flatMap((attribute) => {
    const scores = answer[attribute.name]!.subarray(0, attribute.values.length);
    return [...classIndices(attribute, wish, scores)].map((index): Target => {
      const value = attribute.values[index]!;
      const { name, values } = attribute;
      return { attribute: name, classes: values.length, index, code: value.code, label: labelOf(value) };
    });
  });
}

function classIndices(attribute: Attribute, { classes = ['predicted'] }: Wish, scores: Float32Array): Set<number> {
  return new Set(
    classes.flatMap((name) => {
      if (name === 'all') return attribute.values.map((_, index) => index);
      if (name === 'predicted') return [scores.indexOf(Math.max(...scores))];
      return resolveValue(attribute, name) ?? [];
    }),
  );
}

function chosenAttributes(all: readonly Attribute[], { attributes }: Wish): Attribute[] {
  if (attributes === undefined) return [...all];
  return attributes.map((name) => {
    const found = all.find((attribute) => attribute.name === name || Object.values(attribute.titles).includes(name));
    if (found !== undefined) return found;
    throw new BusanaError('USAGE', `the model has no attribute '${name}'`, {
      remedy: `Choose from ${all.map((attribute) => attribute.name).join(', ')}.`,
    });
  });
}

function namedClasses({ classes = [] }: Wish): string[] {
  return classes.filter((name) => name !== 'all' && name !== 'predicted');
}
