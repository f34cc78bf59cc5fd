/** @file The tables of the catalogue. `migrations/` is made from this file; ../../README.md says how. */
import type { AnalysisFindings, Metrics, ModelComparison, Role, TrainingEpoch } from '@busana/contracts';
import type { ImageLocation } from '@busana/vision';
import { sql, type SQL } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  real,
  text,
  timestamp,
  unique,
  uniqueIndex,
  type AnyPgColumn,
} from 'drizzle-orm/pg-core';

/** Codes by attribute, e.g. `{ jenis: '0', warna: '3' }`. */
export type Labels = Readonly<Record<string, string>>;

const searchVector = customType<{ data: string }>({ dataType: () => 'tsvector' });
const bytes = customType<{ data: Buffer; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  fromDriver: (value) => Buffer.from(value.buffer, value.byteOffset, value.byteLength),
});
const time = () => timestamp({ withTimezone: true, mode: 'date' }).notNull().defaultNow();

/** What the shop sells. */
export const products = pgTable(
  'products',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** The shop's own number, where it has one. */
    sku: text().unique(),
    title: text().notNull().default(''),
    price: numeric({ precision: 14, scale: 2, mode: 'number' }),
    /** Pieces in stock. */
    quantity: integer().notNull().default(1),
    /** `accept`, `review`, `unknown` or `error`, as predictions have it; `accept` once a person has looked. */
    status: text().notNull().default('review'),
    reason: text().notNull().default(''),
    /** Probability that all labels of the model are right, 0..1. */
    jointConfidence: real(),
    /** An earlier product that a photo of this one shows as well: compressed or scaled anew, or another print. */
    duplicateOf: bigint({ mode: 'number' }).references((): AnyPgColumn => products.id, { onDelete: 'set null' }),
    /** What counts now, of model or person: the same as in {@link productAttributes}, in one place for filters. */
    labels: jsonb().$type<Labels>().notNull().default({}),
    createdAt: time(),
    updatedAt: time(),
    /** Words of title and number, stemmed in both languages. */
    search: searchVector().generatedAlwaysAs(
      (): SQL => sql`to_tsvector('indonesian'::regconfig, ${products.title}) ||
        to_tsvector('english'::regconfig, ${products.title}) ||
        to_tsvector('simple'::regconfig, coalesce(${products.sku}, ''))`,
    ),
  },
  (table) => [
    index('products_labels').using('gin', table.labels.op('jsonb_path_ops')),
    index('products_search').using('gin', table.search),
    index('products_waiting')
      .on(sql`coalesce(${table.jointConfidence}, 0)`, table.id)
      .where(sql`status <> 'accept'`),
    index().on(table.duplicateOf),
  ],
);

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

/** Models that were ever installed; one is active. */
export const models = pgTable(
  'models',
  {
    /** SHA-256 of the file, in hexadecimal. */
    hash: text().primaryKey(),
    name: text().notNull(),
    active: boolean().notNull().default(false),
    /** The training it comes from; null for one that came as a file. */
    trainingId: bigint({ mode: 'number' }),
    /** On the photos that no training has seen; null where nothing was measured. */
    metrics: jsonb().$type<Metrics>(),
    /** With the model that was active before it, on the same photos. */
    comparison: jsonb().$type<ModelComparison>(),
    createdAt: time(),
  },
  (table) => [
    uniqueIndex('models_one_active')
      .on(table.active)
      .where(sql`active`),
  ],
);

/** Which model became active when, and why. Nothing here is ever changed. */
export const modelActivations = pgTable('model_activations', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  modelHash: text()
    .notNull()
    .references(() => models.hash),
  kind: text().$type<'begin' | 'activate' | 'rollback'>().notNull(),
  actor: text().notNull(),
  at: time(),
});

/** What a model has answered to a product's first photo, every class of it. */
export const predictions = pgTable('predictions', {
  productId: bigint({ mode: 'number' })
    .primaryKey()
    .references(() => products.id, { onDelete: 'cascade' }),
  modelHash: text()
    .notNull()
    .references(() => models.hash),
  /** Per attribute and code, 0..1. */
  probabilities: jsonb().$type<Readonly<Record<string, Readonly<Record<string, number>>>>>().notNull(),
  /** Why it was not accepted, each of them. */
  reasons: jsonb().$type<readonly string[]>().notNull(),
});
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

/** Where each label comes from. A person's stays when a model answers anew. */
export const productAttributes = pgTable(
  'product_attributes',
  {
    productId: bigint({ mode: 'number' })
      .notNull()
      .references(() => products.id, { onDelete: 'cascade' }),
    attribute: text().notNull(),
    code: text().notNull(),
    source: text().$type<'model' | 'person'>().notNull(),
    /** Of the model, 0..1; a person's label has none. */
    confidence: real(),
    modelHash: text().references(() => models.hash),
    changedAt: time(),
  },
  (table) => [
    primaryKey({ columns: [table.productId, table.attribute] }),
    index('product_attributes_person')
      .on(table.productId)
      .where(sql`source = 'person'`),
  ],
);

/** A label and where it came from. */
export interface LabelState {
  readonly code: string;
  readonly source: 'model' | 'person';
  /** Of the model, 0..1. */
  readonly confidence: number | null;
  readonly modelHash: string | null;
}

/** What a change finds and leaves: a label or none, and how far the product is to be trusted. */
export interface ChangeState {
  readonly label: LabelState | null;
  readonly status: string;
  readonly reason: string;
}

/** Every change of a label by a person. Nothing here is ever changed; what is undone is one more change. */
export const attributeChanges = pgTable(
  'attribute_changes',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    productId: bigint({ mode: 'number' })
      .notNull()
      .references(() => products.id, { onDelete: 'cascade' }),
    attribute: text().notNull(),
    before: jsonb().$type<ChangeState>().notNull(),
    after: jsonb().$type<ChangeState>().notNull(),
    /** Who. */
    actor: text().notNull(),
    /** The change that this one takes back. */
    undoes: bigint({ mode: 'number' }).unique(),
    /** Changes that were made at once, and are taken back at once. */
    batch: text()
      .notNull()
      .default(sql`gen_random_uuid()`),
    at: time(),
  },
  (table) => [index().on(table.productId, table.id), index().on(table.actor, table.id), index().on(table.batch)],
);

/**
 * Products and pieces per combination of labels and status, kept by a trigger on {@link products}. Facets and the stock
 * matrix are sums over this table: as fast for a million products as for ten.
 */
export const stockCells = pgTable(
  'stock_cells',
  {
    labels: jsonb().$type<Labels>().notNull(),
    status: text().notNull(),
    products: integer().notNull(),
    pieces: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.labels, table.status] })],
);

/** Photos on their way into the catalogue, one row per request. */
export const imports = pgTable(
  'imports',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** What was given, in words. */
    source: text().notNull(),
    state: text().$type<'running' | 'done' | 'cancelled' | 'failed'>().notNull().default('running'),
    /** Why it failed. */
    reason: text().notNull().default(''),
    total: integer().notNull(),
    /** Archive that was uploaded for it alone, removed at its end. */
    archive: text(),
    /** Whether its photos are drawn ones, to be removed with one click. */
    demo: boolean().notNull().default(false),
    createdAt: time(),
    finishedAt: timestamp({ withTimezone: true, mode: 'date' }),
  },
  (table) => [
    index('imports_running')
      .on(table.id)
      .where(sql`state = 'running'`),
  ],
);

/** What a shop says of a product itself. */
export interface ProductFields {
  readonly sku?: string;
  readonly title?: string;
  readonly price?: number;
  readonly quantity?: number;
  /** What photos of one product have in common within an import, where it has no number. */
  readonly key?: string;
}

/** What becomes of each photo. A row leaves `waiting` in the transaction that writes its product, and never comes back. */
export const importItems = pgTable(
  'import_items',
  {
    importId: bigint({ mode: 'number' })
      .notNull()
      .references(() => imports.id, { onDelete: 'cascade' }),
    /** In the order they were given, from 0. */
    position: integer().notNull(),
    /** What people call the photo. */
    name: text().notNull(),
    /** Null for what could not be found. */
    location: jsonb().$type<ImageLocation>(),
    product: jsonb().$type<ProductFields>().notNull().default({}),
    /** `key` of {@link product}. */
    productKey: text().generatedAlwaysAs((): SQL => sql`${importItems.product}->>'key'`),
    state: text().$type<'waiting' | 'added' | 'duplicate' | 'failed'>().notNull().default('waiting'),
    reason: text().notNull().default(''),
    /** The product it has become part of, or that has the same photo already. */
    productId: bigint({ mode: 'number' }).references(() => products.id, { onDelete: 'set null' }),
  },
  (table) => [
    primaryKey({ columns: [table.importId, table.position] }),
    index().on(table.importId, table.state, table.position),
    index().on(table.importId, table.productKey),
    index().on(table.productId),
  ],
);

/** What people and programs show to be let in, where a login is needed. */
export const tokens = pgTable(
  'tokens',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** Whose it is. */
    name: text().notNull(),
    role: text().$type<Role>().notNull(),
    /** SHA-256 of the token, in hexadecimal; the token itself is kept nowhere. */
    hash: text().notNull().unique(),
    createdAt: time(),
    lastUsedAt: timestamp({ withTimezone: true, mode: 'date' }),
    revokedAt: timestamp({ withTimezone: true, mode: 'date' }),
  },
  (table) => [
    uniqueIndex('tokens_one_of_a_name')
      .on(table.name)
      .where(sql`revoked_at is null`),
  ],
);

/** Models that are to be trained on what people have said, are trained, or were. */
export const trainings = pgTable(
  'trainings',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    name: text().notNull(),
    state: text().$type<'running' | 'done' | 'cancelled' | 'failed'>().notNull().default('running'),
    /** Why it failed. */
    reason: text().notNull().default(''),
    approach: text().$type<'heads' | 'fine-tuning'>().notNull(),
    /** A data set of its own, by its name for people; null: what people have confirmed. */
    data: jsonb().$type<{ readonly name: string; readonly path: string }>(),
    epochs: integer().notNull(),
    /** The model it starts from and is compared with. */
    baseHash: text()
      .notNull()
      .references(() => models.hash),
    /** Photos to learn from and to compare on; null before they are chosen. */
    trainPhotos: integer(),
    evaluationPhotos: integer(),
    /** The model that came out of it. */
    modelHash: text().references(() => models.hash),
    createdAt: time(),
    finishedAt: timestamp({ withTimezone: true, mode: 'date' }),
  },
  (table) => [
    index('trainings_running')
      .on(table.id)
      .where(sql`state = 'running'`),
  ],
);

/** What a training has told, in its order. */
export const trainingEvents = pgTable(
  'training_events',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    trainingId: bigint({ mode: 'number' })
      .notNull()
      .references(() => trainings.id, { onDelete: 'cascade' }),
    /** An epoch, or null for a line of the log. */
    epoch: jsonb().$type<TrainingEpoch>(),
    line: text().notNull().default(''),
    at: time(),
  },
  (table) => [index().on(table.trainingId, table.id)],
);

/**
 * What each photo is for, for ever: to be learnt from, or to compare models on; `neither` where it is a copy of both.
 */
export const photoParts = pgTable('photo_parts', {
  photoHash: text().primaryKey(),
  part: text().$type<'train' | 'evaluation' | 'neither'>().notNull(),
});

/** Analyses of the catalogue: one that is to be made or is being made, and the last that was. */
export const analyses = pgTable('analyses', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  state: text().$type<'running' | 'done' | 'failed'>().notNull().default('running'),
  /** Why it failed. */
  reason: text().notNull().default(''),
  /** Null until it is done. */
  findings: jsonb().$type<AnalysisFindings>(),
  finishedAt: timestamp({ withTimezone: true, mode: 'date' }),
});
