/** @file Products come into the catalogue, with what the model says of them. */
import type { Reason } from '@busana/contracts';
import type { Orm } from '../database/open.ts';
import { predictions, productAttributes } from '../database/schema/labels.ts';
import { productPhotos } from '../database/schema/photos.ts';
import { products } from '../database/schema/products.ts';

export interface ModelLabel {
  readonly attribute: string;
  readonly code: string;
  /** 0..1 */
  readonly confidence: number;
}

/** A product as it comes, with what the model says of its first photo. */
export interface NewProduct {
  readonly sku?: string;
  readonly title?: string;
  readonly price?: number;
  /** Pieces; 1 without it. */
  readonly quantity?: number;
  /** Photos that are there already, the first one for lists. */
  readonly photoHashes: readonly string[];
  readonly status: 'accept' | 'review' | 'unknown' | 'error';
  readonly reason: string;
  /** Probability that all labels are right, 0..1. */
  readonly jointConfidence: number;
  readonly labels: readonly ModelLabel[];
  /** Every class per attribute and code, 0..1, and each reason; where the model was asked. */
  readonly answer?: {
    readonly probabilities: Readonly<Record<string, Readonly<Record<string, number>>>>;
    readonly reasons: readonly string[];
    /** The same for programs. */
    readonly doubts?: readonly Reason[];
  };
}

/**
 * Adds products, all or none.
 * @param modelHash the model that gave the labels
 * @returns their ids, in the order given
 */
export async function addProducts(orm: Orm, given: readonly NewProduct[], modelHash: string): Promise<number[]> {
  if (given.length === 0) return [];
  return orm.transaction(async (transaction) => {
    const rows = given.map(({ photoHashes, labels, answer, ...product }) => ({
      ...product,
      labels: Object.fromEntries(labels.map(({ attribute, code }) => [attribute, code])),
    }));
    const added = await transaction.insert(products).values(rows).returning({ id: products.id });
    const ids = added.map(({ id }) => id);
    const photoRows = given.flatMap(({ photoHashes }, index) =>
      photoHashes.map((photoHash, position) => ({ productId: ids[index]!, photoHash, position })),
    );
    if (photoRows.length > 0) await transaction.insert(productPhotos).values(photoRows);
    const labelRows = given.flatMap(({ labels }, index) =>
      labels.map((label) => ({ productId: ids[index]!, source: 'model' as const, modelHash, ...label })),
    );
    if (labelRows.length > 0) await transaction.insert(productAttributes).values(labelRows);
    const answers = given.flatMap(({ answer }, index) => (answer === undefined ? [] : [{ productId: ids[index]!, modelHash, ...answer }])); // prettier-ignore
    if (answers.length > 0) await transaction.insert(predictions).values(answers);
    return ids;
  });
}
