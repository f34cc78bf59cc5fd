/** @file The photos of products, what a model makes of them, and what each is for. */
import { bigint, index, integer, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { bytes, time } from './columns.ts';
import { models } from './models.ts';
import { products } from './products.ts';

/** Photos by what they contain: the same file is kept once. */
export const photos = pgTable('photos', {
  /** SHA-256 of the file, in hexadecimal. */
  hash: text().primaryKey(),
  /** As it was called when it came. */
  name: text().notNull(),
  format: text().notNull(),
  width: integer().notNull(),
  height: integer().notNull(),
  bytes: integer().notNull(),
  createdAt: time(),
});

export const productPhotos = pgTable(
  'product_photos',
  {
    productId: bigint({ mode: 'number' })
      .notNull()
      .references(() => products.id, { onDelete: 'cascade' }),
    photoHash: text()
      .notNull()
      .references(() => photos.hash),
    /** 0 is the photo that lists show. */
    position: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.productId, table.position] }), index().on(table.photoHash)],
);

/**
 * What a model makes of the photos of products. Rows are never changed, and their numbers rise in the order in which they
 * can be seen: whoever remembers the last one asks for those after it.
 */
export const photoFeatures = pgTable(
  'photo_features',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    photoHash: text()
      .notNull()
      .references(() => photos.hash, { onDelete: 'cascade' }),
    modelHash: text()
      .notNull()
      .references(() => models.hash),
    /** int8: the direction of what vision calls the appearance, of embedding, outline and colours. */
    appearance: bytes().notNull(),
    /** Hashes and thumbnails that tell whether it is the same picture as another. */
    structure: bytes().notNull(),
  },
  (table) => [
    unique('photo_features_once').on(table.photoHash, table.modelHash),
    index().on(table.modelHash, table.id),
  ],
);

/**
 * What each photo is for, for ever: to be learnt from, or to compare models on; `neither` where it is a copy of both.
 */
export const photoParts = pgTable('photo_parts', {
  photoHash: text().primaryKey(),
  part: text().$type<'train' | 'evaluation' | 'neither'>().notNull(),
});
