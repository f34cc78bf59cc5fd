/** @file What is known of the competition's photos; skipped where they are not at hand. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Dataset, Photo } from '../../src/data/dataset.ts';
import { findDuplicateGroups, type DuplicateGroups } from '../../src/data/duplicates.ts';
import { assignFolds } from '../../src/data/folds.ts';
import { openDataset } from '../../src/data/open.ts';
import { readSubmissionSample } from '../../src/data/submission.ts';
import { garments } from '../../src/taxonomy/builtin.ts';
import { sharedData } from '../support/shared-data.ts';

describe.skipIf(sharedData === undefined)("the competition's photos", () => {
  const source = join(sharedData ?? '', 'hology');
  let dataset: Dataset;
  let all: Photo[];
  let duplicates: DuplicateGroups;
  beforeAll(async () => {
    dataset = await openDataset({ source });
    all = [...dataset.photos, ...dataset.test];
    duplicates = await findDuplicateGroups(all);
  }, 120_000);

  it('are 777 labelled and 334 others, all readable', () => {
    expect(dataset.photos).toHaveLength(777);
    expect(dataset.test).toHaveLength(334);
    expect(dataset.dropped).toEqual([]);
    expect(dataset.taxonomy).toEqual(garments);
  });

  it("have the study's counts per type and colour", () => {
    const counts = [0, 1].map((type) =>
      [0, 1, 2, 3, 4].map(
        (colour) => dataset.photos.filter(({ targets }) => targets[0] === type && targets[1] === colour).length,
      ),
    );
    expect(counts).toEqual([
      [80, 71, 103, 131, 91],
      [36, 54, 59, 103, 49],
    ]);
  });

  it('hold eight groups of the same pixels, three of them across train and test', () => {
    const exact = duplicates.pairs.filter(({ kind }) => kind === 'exact');
    const groups = new Map<number, Set<number>>();
    for (const { first, second } of exact) {
      const group = groups.get(duplicates.groupOf[first]!) ?? new Set();
      groups.set(duplicates.groupOf[first]!, group.add(first).add(second));
    }
    const across = [...groups.values()].filter(
      (members) => [...members].some((photo) => photo < 777) && [...members].some((photo) => photo >= 777),
    );
    expect([groups.size, across.length]).toEqual([8, 3]);
  });

  it('hold one hoodie in two colours, which share a group', () => {
    const position = (id: string): number => dataset.photos.findIndex((photo) => photo.id === id);
    expect(duplicates.groupOf[position('400')]).toBe(position('152'));
    expect(dataset.photos[position('400')]!.targets).not.toEqual(dataset.photos[position('152')]!.targets);
  });

  it('hold that hoodie as a twin, and pairs within eight bits that other decoders count 29 of', () => {
    const position = (id: string): number => dataset.photos.findIndex((photo) => photo.id === id);
    const twin = duplicates.pairs.find(({ first, second }) => first === position('152') && second === position('400'));
    expect(twin).toMatchObject({ kind: 'twin' });
    // Which pairs are within eight bits depends on the resampling: Pillow gives 29 (bicubic) or 27 (Lanczos), with the
    // pairs of the same pixels. Those of its bicubic one between labelled photos are all here.
    const known = ['171 503', '738 762', '348 762', '61 341', '348 738', '308 738', '308 348', '517 617', '483 641'];
    const found = duplicates.pairs
      .filter(({ kind, second }) => kind === 'near' && second < 777)
      .map(({ first, second }) => `${all[first]!.id} ${all[second]!.id}`);
    expect(found).toEqual(expect.arrayContaining(known));
  });

  it('make no large groups', () => {
    const sizes = new Map<number, number>();
    for (const group of duplicates.groupOf) sizes.set(group, (sizes.get(group) ?? 0) + 1);
    // One hoodie with four prints, and in two other colours.
    expect(Math.max(...sizes.values())).toBe(6);
  });

  it('are dealt to five folds with every combination even and no group split', () => {
    const targets = dataset.photos.map((photo) => photo.targets);
    const groupOf = duplicates.groupOf.slice(0, targets.length);
    const folds = assignFolds({ targets, groupOf }, { folds: 5, seed: 0 });
    groupOf.forEach((group, photo) => expect(folds[photo]).toBe(folds[group]));
    for (const combination of new Set(targets.map((target) => target.join()))) {
      const counts = [1, 2, 3, 4, 5].map(
        (fold) => targets.filter((target, photo) => target.join() === combination && folds[photo] === fold).length,
      );
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  });

  it('are named by the sample submission', async () => {
    const { idColumn, attributes, ids } = await readSubmissionSample(join(source, 'sample_submission.csv'));
    expect([idColumn, ...attributes]).toEqual(['id', 'jenis', 'warna']);
    expect([...ids].sort()).toEqual(dataset.test.map(({ id }) => id).sort());
  });
});
