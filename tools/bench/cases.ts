/** @file What is measured: the networks people use, a training step and predictions of each. */

export interface Case {
  readonly kind: 'train' | 'predict';
  readonly model: string;
  readonly batch: number;
  /** Of a training step; `none` for predictions. */
  readonly optimizer: 'sgd' | 'adamw' | 'none';
}

/**
 * Photos per training step: the 32 that `busana train` takes unless told otherwise, fewer of the two networks that need more
 * memory for them than a laptop has; ResNet-50 also at half of it, where what a step costs whatever its batch weighs more.
 */
const models: readonly (readonly [model: string, ...batches: readonly number[]])[] = [
  ['cnn', 32],
  ['resnet18', 32],
  ['resnet50', 32, 16],
  ['efficientnet_lite0', 32],
  ['mobilenet_v2', 32],
  ['deit_tiny', 32],
  ['deit_base', 8],
  ['yolo11n-cls', 32],
  ['yolo11x-cls', 8],
];

export const cases: readonly Case[] = models.flatMap(([model, ...batches]): Case[] => [
  ...(['sgd', 'adamw'] as const).flatMap((optimizer) =>
    batches.map((batch): Case => ({ kind: 'train', model, batch, optimizer })),
  ),
  ...[1, 16, 64].map((batch): Case => ({ kind: 'predict', model, batch, optimizer: 'none' })),
]);

/** `train resnet50 16 sgd`, `predict resnet50 1` */
export function nameOf({ kind, model, batch, optimizer }: Case): string {
  return [kind, model, batch, ...(optimizer === 'none' ? [] : [optimizer])].join(' ');
}

/** Whether the name has every word: `resnet train` a part of it will do, of numbers the whole. */
export function isMeant(wanted: Case, filters: readonly string[]): boolean {
  const words = nameOf(wanted).split(' ');
  return filters
    .flatMap((filter) => filter.split(' '))
    .every((filter) => words.some((word) => (/^\d+$/.test(filter) ? word === filter : word.includes(filter))));
}
