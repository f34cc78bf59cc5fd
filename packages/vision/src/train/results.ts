import { z } from 'zod';

/** A row of `results.csv`: one epoch of one fold of one arm. */
export const epochRowSchema = z.object({
  arm: z.string(),
  fold: z.union([z.int(), z.literal('all')]),
  /** 1 = the first. */
  epoch: z.int(),
  train_loss: z.number(),
  /** Undefined, an empty cell, when nothing was held back. */
  val_loss: z.number().optional(),
  emr: z.number().optional(),
  /** By attribute name. */
  accuracy: z.record(z.string(), z.number()),
  /** Learning rate of the epoch's last step. */
  lr: z.number(),
  seconds: z.number(),
  images_per_second: z.number(),
});
export type EpochRow = z.infer<typeof epochRowSchema>;

/** `results.csv`: `arm,fold,epoch,train_loss,val_loss,emr,<attribute>_accuracy…,lr,seconds,images_per_second`. */
export function resultsCsv(rows: readonly EpochRow[], attributes: readonly string[]): string {
  const header = ['arm', 'fold', 'epoch', 'train_loss', 'val_loss', 'emr']
    .concat(attributes.map((name) => `${name}_accuracy`))
    .concat(['lr', 'seconds', 'images_per_second']);
  const lines = rows.map((row) => [
    row.arm,
    row.fold,
    row.epoch,
    number(row.train_loss),
    number(row.val_loss),
    number(row.emr),
    ...attributes.map((name) => number(row.accuracy[name])),
    row.lr.toPrecision(4),
    row.seconds.toFixed(2),
    row.images_per_second.toFixed(1),
  ]);
  return [header, ...lines].map((cells) => `${cells.join(',')}\n`).join('');
}

function number(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(6);
}
