/** @file What is measured: the networks people use, a training step and predictions of each. */

export interface Case {
  readonly kind: 'train' | 'predict';
  readonly model: string;
  readonly batch: number;
  /** Of a training step; `none` for predictions. */
  readonly optimizer: 'sgd' | 'adamw' | 'none';
}

/** Photos per training step: as many as fit a laptop. */
const models: readonly (readonly [model: string, batch: number])[] = [
  ['cnn', 32],
  ['resnet18', 16],
  ['resnet50', 16],
  ['efficientnet_lite0', 16],
  ['mobilenet_v2', 16],
  ['deit_tiny', 16],
  ['deit_base', 8],
  ['yolo11n-cls', 16],
  ['yolo11x-cls', 8],
];

export const cases: readonly Case[] = models.flatMap(([model, batch]): Case[] => [
  { kind: 'train', model, batch, optimizer: 'sgd' },
  { kind: 'train', model, batch, optimizer: 'adamw' },
  ...[1, 16, 64].map((size): Case => ({ kind: 'predict', model, batch: size, optimizer: 'none' })),
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
