/**
 * @file Arithmetic on dimensions that may be names. A size that depends on a named one and is not equal to it gets a
 * name that spells its formula (`2*N`, `floor((H-1)/2)+1`): equal formulas are equal dimensions.
 */
import type { Dimension, Shape } from '../graph/value.ts';

/** The size two operands share, or undefined when they cannot. A name yields to a number. */
export function unify(a: Dimension, b: Dimension): Dimension | undefined {
  if (typeof a === 'string') return b;
  return a === b || typeof b === 'string' ? a : undefined;
}

/** Multidirectional broadcasting of one dimension, or undefined where it fails or is not determined. */
function broadcastDimension(a: Dimension, b: Dimension): Dimension | undefined {
  if (a === b || b === 1) return a;
  if (a === 1) return b;
  // A name against a number above 1: at run time it is that number or 1, and the result is the number either way.
  if (typeof a === 'number' && typeof b === 'string') return a;
  if (typeof a === 'string' && typeof b === 'number') return b;
  return undefined;
}

/** The shape that all the shapes broadcast to, or undefined (specification: Broadcasting in ONNX). */
export function broadcast(...shapes: readonly Shape[]): Shape | undefined {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  const result: Dimension[] = [];
  for (let axis = 0; axis < rank; axis += 1) {
    let size: Dimension | undefined = 1;
    for (const shape of shapes) {
      size = broadcastDimension(size, shape[shape.length - rank + axis] ?? 1);
      if (size === undefined) return undefined;
    }
    result.push(size);
  }
  return result;
}

/** The number of elements: a number, a name, or a product such as `49*N`. */
export function product(dimensions: Shape): Dimension {
  const { size, names } = factors(dimensions);
  return spelled(size, names);
}

/** a / b when that is a whole size for every value of the names, else undefined. */
export function quotient(dividend: Shape, divisor: Shape): Dimension | undefined {
  const above = factors(dividend);
  const below = factors(divisor);
  for (const name of below.names) {
    const index = above.names.indexOf(name);
    if (index < 0) return undefined;
    above.names.splice(index, 1);
  }
  const size = above.size / below.size;
  return Number.isInteger(size) ? spelled(size, above.names) : undefined;
}

function factors(dimensions: Shape): { size: number; names: string[] } {
  let size = 1;
  const names: string[] = [];
  for (const factor of dimensions.flatMap((x) => (typeof x === 'string' && !x.includes('(') ? x.split('*') : [x]))) {
    if (typeof factor === 'string' && !/^\d+$/.test(factor)) names.push(factor);
    else size *= Number(factor);
  }
  return { size, names: names.sort() };
}

function spelled(size: number, names: readonly string[]): Dimension {
  if (names.length === 0 || size === 0) return size;
  return [...(size === 1 ? [] : [size]), ...names].join('*');
}

/** The sum of sizes along an axis that is joined. */
export function sum(dimensions: Shape): Dimension {
  let constant = 0;
  /** How often each product of names occurs. */
  const terms = new Map<string, number>();
  for (const dimension of dimensions) {
    const { size, names } = factors([dimension]);
    const term = names.join('*');
    if (term === '') constant += size;
    else terms.set(term, (terms.get(term) ?? 0) + size);
  }
  const parts = [...terms].sort().map(([term, size]) => (size === 1 ? term : `${size}*${term}`));
  if (parts.length === 0) return constant;
  return parts.length === 1 && constant === 0
    ? parts[0]!
    : `(${[...parts, ...(constant === 0 ? [] : [constant])].join('+')})`;
}

/** `compute` of a known size, or the name `spell` gives. */
export function derived(
  size: Dimension,
  compute: (size: number) => number,
  spell: (size: string) => string,
): Dimension {
  return typeof size === 'number' ? compute(size) : spell(size);
}

/** `[N, 3, 224]` */
export function printed(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}
