/** A kernel sliding over spatial axes: one number per axis, padding told apart into before and after. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly before: readonly number[];
  readonly group: number;
}

/** A convolution without its tensors: sizes of the spatial axes of its input and of its output. */
export interface Geometry extends Window {
  readonly inputSizes: readonly number[];
  readonly outputSizes: readonly number[];
}

interface Attributes {
  readonly kernel_shape: readonly number[];
  readonly strides?: readonly number[];
  readonly dilations?: readonly number[];
  readonly pads?: readonly number[];
  readonly group?: number;
}

/** The geometry of a convolution or pooling from the attributes of its node. */
export function geometryOf(
  { kernel_shape: kernel, strides, dilations, pads, group = 1 }: Attributes,
  input: readonly number[],
  output: readonly number[],
): Geometry {
  const ones = kernel.map(() => 1);
  return {
    kernel,
    strides: strides ?? ones,
    dilations: dilations ?? ones,
    before: pads?.slice(0, kernel.length) ?? kernel.map(() => 0),
    group,
    inputSizes: input.slice(2),
    outputSizes: output.slice(2),
  };
}

/** The extent of the dilated kernel along each axis: (k - 1) * d + 1 */
export function reachOf({ kernel, dilations }: Window): number[] {
  return kernel.map((size, axis) => (size - 1) * dilations[axis]! + 1);
}

/** From the first to the last element that any window touches, padding included: (n - 1) * s + reach */
function extentOf(geometry: Geometry): number[] {
  const reach = reachOf(geometry);
  return geometry.outputSizes.map((size, axis) => (size - 1) * geometry.strides[axis]! + reach[axis]!);
}

/** How far windows reach beyond the end of the input along each axis; negative where they leave some of it out. */
export function beyondOf(geometry: Geometry): number[] {
  const { before, inputSizes } = geometry;
  return extentOf(geometry).map((extent, axis) => extent - before[axis]! - inputSizes[axis]!);
}

/** Whether no window reaches into padding. */
export function isUnpadded(geometry: Geometry): boolean {
  return geometry.before.every((count) => count === 0) && beyondOf(geometry).every((count) => count <= 0);
}

/** 2, 3, ...: the spatial axes of [N, C, ...]. */
export function spatialAxes({ kernel }: Window): number[] {
  return kernel.map((_, axis) => axis + 2);
}

/** Every position within the kernel, the last axis fastest. */
export function offsetsOf(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (prefixes, size) => prefixes.flatMap((prefix) => Array.from({ length: size }, (_, at) => [...prefix, at])),
    [[]],
  );
}

export function productOf(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1);
}

/** Whether the kernel is a single point. */
export function isPointwise({ kernel }: Window): boolean {
  return productOf(kernel) === 1;
}

/** Whether windows follow each other without a gap. */
export function isUnstrided({ strides }: Window): boolean {
  return strides.every((stride) => stride === 1);
}
