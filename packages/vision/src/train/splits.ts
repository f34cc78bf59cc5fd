import type { TrainingConfig } from '@busana/contracts';
import { assignFolds, holdout } from '../data/folds.ts';
import { csvLine } from '../predict/output.ts';
import type { Split } from './execute.ts';
import type { PreparedRun } from './prepare.ts';
import type { RunFolder } from './run-folder.ts';

interface PlanInput extends Pick<PreparedRun, 'photos' | 'groups' | 'validationPhotos'> {
  readonly run: { readonly folder: Pick<RunFolder, 'write'> };
}

/** The splits of a run, and `splits.csv` that says which photo is where and why. */
export async function planSplits(prepared: PlanInput, config: TrainingConfig): Promise<Split[]> {
  const { photos, groups, run, validationPhotos } = prepared;
  const own = photos.length - validationPhotos;
  const input = { targets: photos.map(({ targets }) => targets).slice(0, own), groupOf: groups.groupOf.slice(0, own) };
  const foldOf = validationPhotos > 0 ? photos.map((_, index) => (index < own ? 0 : 1)) : foldsOf(input, config);
  const lines = photos.map(({ name }, index) =>
    csvLine([name, String(foldOf[index]), photos[groups.groupOf[index]!]!.name, groups.reasons[index]!]),
  );
  await run.folder.write('splits.csv', ['image,fold,group,reason', ...lines].map((line) => `${line}\n`).join(''));
  const positions = photos.map((_, index) => index);
  if (validationPhotos === 0 && config.folds > 0) {
    return Array.from({ length: config.folds }, (_, index) => ({
      fold: index + 1,
      train: positions.filter((photo) => foldOf[photo] !== index + 1),
      validation: positions.filter((photo) => foldOf[photo] === index + 1),
    }));
  }
  return [
    {
      fold: 0,
      train: positions.filter((photo) => foldOf[photo] === 0),
      validation: positions.filter((photo) => foldOf[photo] === 1),
    },
  ];
}

/** Fold of each photo: 1..k, or 0 for training and 1 for validation. */
function foldsOf(input: Parameters<typeof assignFolds>[0], { folds, val, seed }: TrainingConfig): number[] {
  if (folds > 0) return assignFolds(input, { folds, seed });
  return holdout(input, { fraction: val, seed }).map(Number);
}
