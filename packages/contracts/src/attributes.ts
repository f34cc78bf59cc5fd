import { z } from 'zod';

/** What an attribute depends on; augmentation and explanation act on it. */
export const attributeKinds = ['colour', 'shape', 'pattern', 'other'] as const;
export const attributeKindSchema = z.enum(attributeKinds);
export type AttributeKind = z.infer<typeof attributeKindSchema>;

export const attributeValueSchema = z.object({
  /** The value as it stands in the training file and in a submission, e.g. `0`. */
  code: z.string(),
  /** Names per language, e.g. `{ en: 'hoodie', id: 'hoodie' }`. Never empty: falls back to the code. */
  names: z.record(z.string(), z.string()),
  aliases: z.array(z.string()),
});
export type AttributeValue = z.infer<typeof attributeValueSchema>;

export const attributeSchema = z.object({
  /** Column name, e.g. `warna`. */
  name: z.string(),
  titles: z.record(z.string(), z.string()),
  kind: attributeKindSchema,
  /** The classes, in the order of the model's outputs. */
  values: z.array(attributeValueSchema).min(1),
});
export type Attribute = z.infer<typeof attributeSchema>;

/** The attributes of a data set or of a model, in column order. */
export const taxonomySchema = z.object({
  /** Name of the id column. */
  id: z.string(),
  attributes: z.array(attributeSchema).min(1),
});
export type Taxonomy = z.infer<typeof taxonomySchema>;
