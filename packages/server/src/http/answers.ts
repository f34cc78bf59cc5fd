/** @file Rows of the catalogue as the HTTP interface shows them. */
import { predictionStatusSchema, type CatalogueProduct, type Taxonomy } from '@busana/contracts';
import { contradictionOf } from '../catalogue/contradiction.ts';
import type { productDetails } from '../catalogue/details.ts';
import type { Product } from '../catalogue/find.ts';
import type { LabelState } from '../database/schema/labels.ts';

export function asAnswer(product: Product, taxonomy: Taxonomy): CatalogueProduct {
  const { id, sku, title, price, quantity, status, reason, jointConfidence, labels, photoHash } = product;
  return {
    ...{ id, sku, title, price, quantity, reason, labels },
    status: predictionStatusSchema.parse(status),
    joint_confidence: jointConfidence,
    photo: photoHash,
    duplicate_of: product.duplicateOf,
    contradiction: contradictionOf(title, labels, taxonomy),
    created_at: product.createdAt.toISOString(),
    updated_at: product.updatedAt.toISOString(),
  };
}

export function asDetails(product: Awaited<ReturnType<typeof productDetails>>, taxonomy: Taxonomy) {
  const { attributes, history, photos, doubts } = product;
  return {
    ...asAnswer({ ...product, photoHash: photos[0] ?? null }, taxonomy),
    photos,
    doubts: [...doubts],
    attributes: Object.fromEntries(
      attributes.map(({ attribute, changedAt, ...label }) => [
        attribute,
        { ...asLabel(label), changed_at: changedAt.toISOString() },
      ]),
    ),
    history: history.map(({ attribute, before, after, actor, undoes, at }) => ({
      attribute,
      from: before.label === null ? null : asLabel(before.label),
      to: after.label === null ? null : asLabel(after.label),
      actor,
      undo: undoes !== null,
      at: at.toISOString(),
    })),
  };
}

function asLabel({ code, source, confidence }: Omit<LabelState, 'modelHash'>) {
  return { code, source, confidence };
}
