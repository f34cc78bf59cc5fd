import { z } from 'zod';

export const chiSquareTestSchema = z.object({
  statistic: z.number(),
  p_value: z.number(),
  degrees_of_freedom: z.int(),
  /** Counts expected under independence, `[rows][columns]`. */
  expected: z.array(z.array(z.number())),
  /** Strength of the association, 0 none to 1 complete. */
  cramers_v: z.number(),
  /** Corrected for continuity, as is usual with one degree of freedom. */
  yates_correction: z.boolean(),
});
export type ChiSquareTest = z.infer<typeof chiSquareTestSchema>;

/** How two attributes go together, over the photos that have both labels. */
export const attributePairSchema = chiSquareTestSchema.extend({
  /** Names of the attributes in the rows and in the columns. */
  rows: z.string(),
  columns: z.string(),
  /** Codes, and their names for people, in the order of the table. */
  row_codes: z.array(z.string()),
  column_codes: z.array(z.string()),
  row_labels: z.array(z.string()),
  column_labels: z.array(z.string()),
  /** Contingency table, `[rows][columns]`. */
  counts: z.array(z.array(z.int())),
  alpha: z.number(),
  independence_rejected: z.boolean(),
  /** What one attribute tells about the other, in bits (Shannon 1948), and as a share of the smaller entropy, 0..1. */
  mutual_information: z.number(),
  normalised_mutual_information: z.number(),
  /** What the test found, one sentence. */
  verdict: z.string(),
  /** What that means for the choice between independent and combined labels, one sentence. */
  implication: z.string(),
});
export type AttributePair = z.infer<typeof attributePairSchema>;

export const attributeCountsSchema = z.object({
  name: z.string(),
  kind: z.string(),
  values: z.array(z.object({ code: z.string(), label: z.string(), count: z.int() })),
  /** Empty cells. */
  missing: z.int(),
});
export type AttributeCounts = z.infer<typeof attributeCountsSchema>;

/** A photo that a finding is about. */
export const photoReferenceSchema = z.object({
  /** Path for people, relative to the data set. */
  name: z.string(),
  /** Row of the table, 1 = the header; null where the folder is the label, and for test photos. */
  row: z.int().nullable(),
  /** Of the test set: without labels. */
  test: z.boolean(),
});
export type PhotoReference = z.infer<typeof photoReferenceSchema>;

export const measureNames = [
  'width',
  'height',
  'aspect',
  'bytes',
  'brightness',
  'contrast',
  'sharpness',
  'background_lightness',
  'background_share',
] as const;
export type MeasureName = (typeof measureNames)[number];

/** How a measure is spread over all photos. */
export const measureSchema = z.object({
  name: z.enum(measureNames),
  /** Of the values, e.g. `pixels`. */
  unit: z.string(),
  min: z.number(),
  /** First and third quartile. */
  lower_quartile: z.number(),
  median: z.number(),
  upper_quartile: z.number(),
  max: z.number(),
  /** Photos per equal part of the range from `min` to `max`, on a logarithmic scale where `logarithmic`. */
  histogram: z.array(z.int()),
  logarithmic: z.boolean(),
  /** Three interquartile ranges beyond the quartiles (Tukey 1977, "far out"); null where nothing counts as an outlier. */
  limits: z.object({ low: z.number(), high: z.number() }).nullable(),
  /** Farthest first. */
  outliers: z.array(z.object({ photo: photoReferenceSchema, value: z.number() })),
});
export type Measure = z.infer<typeof measureSchema>;

export const backgrounds = ['white', 'black', 'grey', 'coloured', 'not plain'] as const;
export type Background = (typeof backgrounds)[number];

/** What the files are, whatever their names say. */
export const imageStatisticsSchema = z.object({
  images: z.int(),
  /** Files per real format. */
  formats: z.record(z.string(), z.int()),
  /** Files whose extension names another format than their content. */
  misnamed: z.array(z.object({ photo: photoReferenceSchema, format: z.string() })),
  /** Photos per kind of background. */
  backgrounds: z.record(z.enum(backgrounds), z.int()),
  /** Empty without a readable photo. */
  measures: z.array(measureSchema),
});
export type ImageStatistics = z.infer<typeof imageStatisticsSchema>;

/** Two photos of the same thing. */
export const duplicateSchema = z.object({
  first: photoReferenceSchema,
  second: photoReferenceSchema,
  /**
   * `exact`: the same pixels. `near`: the same picture, compressed or scaled anew, or with another print on the same
   * garment. `twin`: the same picture in another colour.
   */
  kind: z.enum(['exact', 'near', 'twin']),
  /** Bits of 256 in which the difference hashes differ. */
  distance: z.int(),
  /** Correlation of the edges, -1..1. */
  structure: z.number(),
  /** Mean CIE76 difference of the colours, from 0. */
  colour_difference: z.number(),
  /** One is labelled, the other in the test set: figures on that test set would be too good. */
  leak: z.boolean(),
  /** Attributes whose labels differ: one photo in several colours, or a label error. */
  differing: z.array(z.string()),
});
export type Duplicate = z.infer<typeof duplicateSchema>;

/** What the files say; only where they were looked at. */
export const fileAnalysisSchema = z.object({
  images: imageStatisticsSchema,
  /** Files that cannot be decoded, with the reason. */
  unreadable: z.array(z.object({ photo: photoReferenceSchema, reason: z.string() })),
  /** Groups of photos with the same pixels, and those of them with labelled and test photos. */
  exact_groups: z.int(),
  exact_groups_across: z.int(),
  duplicates: z.array(duplicateSchema),
});
export type FileAnalysis = z.infer<typeof fileAnalysisSchema>;

/** A label that may be wrong. */
const contestedLabelSchema = z.object({
  photo: photoReferenceSchema,
  attribute: z.string(),
  /** Codes and names of the label as it stands, and of the one that is suggested. */
  given: z.string(),
  given_label: z.string(),
  suggested: z.string(),
  suggested_label: z.string(),
});
export type ContestedLabel = z.infer<typeof contestedLabelSchema>;

/** A label that a network which has not seen it would not have given. */
export const suspicionSchema = contestedLabelSchema.extend({
  /** Out-of-fold probability of the label that stands, 0..1. */
  self_confidence: z.number(),
  /** That, less the largest probability of another label, moved to 0..1; the least is the most suspicious. */
  normalised_margin: z.number(),
});
export type Suspicion = z.infer<typeof suspicionSchema>;

/** Confident learning (Northcutt, Jiang and Chuang 2021, arXiv:1911.00068) of one attribute. */
export const attributeNoiseSchema = z.object({
  name: z.string(),
  labels: z.array(z.string()),
  /** Labelled photos that were judged. */
  photos: z.int(),
  /** Share of them that the out-of-fold predictions agree with. */
  agreement: z.number(),
  /** Mean self-confidence per class: above it a class counts as confidently predicted. */
  thresholds: z.array(z.number()),
  /** Estimated photos per label that stands (rows) and true label (columns); rows add up to the counts. */
  confident_joint: z.array(z.array(z.number())),
  /** Estimated share of wrong labels, 0..1: what is off the diagonal. */
  noise: z.number(),
});
export type AttributeNoise = z.infer<typeof attributeNoiseSchema>;

/** What tells one photo from another: a network that was trained before. */
export const backboneSchema = z.object({
  architecture: z.string(),
  weights: z.string(),
  image_size: z.int(),
});
export type AnalysisBackbone = z.infer<typeof backboneSchema>;

export const labelAnalysisSchema = z.object({
  folds: z.int(),
  seed: z.int(),
  attributes: z.array(attributeNoiseSchema),
  /** Of all attributes, the most suspicious first. */
  suspicions: z.array(suspicionSchema),
});
export type LabelAnalysis = z.infer<typeof labelAnalysisSchema>;

/** Photos that are far from all others. */
export const outlierAnalysisSchema = z.object({
  /** Nearest photos whose mean distance is judged. */
  neighbours: z.int(),
  /** Photos that distances were taken to: all, or so many drawn (Sugiyama and Borgwardt 2013). */
  references: z.int(),
  /** Mean distance beyond which a photo is an outlier: 1.5 interquartile ranges above the upper quartile. */
  limit: z.number(),
  median: z.number(),
  /** Farthest first. Distances are 1 - cosine, 0..2. */
  outliers: z.array(z.object({ photo: photoReferenceSchema, distance: z.number(), nearest: photoReferenceSchema })),
});
export type OutlierAnalysis = z.infer<typeof outlierAnalysisSchema>;

/** What embeddings say; only where a network was asked. */
export const embeddingAnalysisSchema = z.object({
  backbone: backboneSchema,
  /** Null where too few photos are labelled to hold some back, or the backbone has learnt these very labels. */
  labels: labelAnalysisSchema.nullable(),
  outliers: outlierAnalysisSchema,
});
export type EmbeddingAnalysis = z.infer<typeof embeddingAnalysisSchema>;

/** How far the labels of a colour attribute and the pixels of the garments agree. */
export const colourAgreementSchema = z.object({
  name: z.string(),
  labels: z.array(z.string()),
  /** Labelled photos that were judged, and those whose label is that of most of the garment. */
  photos: z.int(),
  agreeing: z.int(),
  /** Photos per label that stands (rows) and the one that the pixels suggest (columns). */
  counts: z.array(z.array(z.int())),
});
export type ColourAgreement = z.infer<typeof colourAgreementSchema>;

/** A colour label that most of the garment contradicts. */
export const colourDoubtSchema = contestedLabelSchema.extend({
  /** Name of the main colour, in English and Indonesian. */
  colour: z.string(),
  /** Shares of the garment that have the colour of either, 0..1. */
  given_share: z.number(),
  suggested_share: z.number(),
});
export type ColourDoubt = z.infer<typeof colourDoubtSchema>;

/** Colours of the garments by their pixels, without any network. */
export const colourAnalysisSchema = z.object({
  /** Photos per name of the main colour, the commonest first; `hex` is the colour that the name stands for. */
  names: z.array(z.object({ en: z.string(), id: z.string(), hex: z.string(), photos: z.int() })),
  /** Per photo, the colours that cover at least a tenth of the garment, the largest share first. */
  photos: z.array(
    z.object({
      photo: photoReferenceSchema,
      colours: z.array(z.object({ en: z.string(), id: z.string(), hex: z.string(), share: z.number() })),
    }),
  ),
  /** Attributes that are about colour. */
  attributes: z.array(colourAgreementSchema),
  /** The clearest contradiction first. */
  doubts: z.array(colourDoubtSchema),
});
export type ColourAnalysis = z.infer<typeof colourAnalysisSchema>;

/** `analysis.json`, and the answer of `analyze --json`. */
export const analysisSchema = z.object({
  source: z.string(),
  photos: z.int(),
  test_photos: z.int(),
  fully_labelled: z.int(),
  attributes: z.array(attributeCountsSchema),
  pairs: z.array(attributePairSchema),
  files: fileAnalysisSchema.nullable(),
  /** Null where the files were not looked at. */
  colours: colourAnalysisSchema.nullable(),
  embeddings: embeddingAnalysisSchema.nullable(),
  /** What limits or explains the findings, a sentence each. */
  notes: z.array(z.string()),
});
export type Analysis = z.infer<typeof analysisSchema>;

/** What an analysis is doing, in the order of its steps. */
export const analysisSteps = [
  'reading photos',
  'reading colours',
  'decoding photos',
  'computing embeddings',
  'judging labels',
  'comparing embeddings',
] as const;

/** The analysis of a catalogue over HTTP. Findings name photos by their content hash. */
export const catalogueAnalysisSchema = z.object({
  /** Of the newest analysis; `none`: there was never one. */
  state: z.enum(['none', 'running', 'done', 'failed']),
  /** Why it failed, when it did. */
  reason: z.string(),
  /** How far it is; null before its first step, and at its end. */
  progress: z.object({ step: z.enum(analysisSteps), done: z.int(), total: z.int() }).nullable(),
  /** The last one that was finished, and when; null where there is none. */
  finished_at: z.iso.datetime({ offset: true }).nullable(),
  analysis: analysisSchema.nullable(),
  /** Pairs of photos per kind in all; the analysis has the first of them. */
  pairs_found: z.object({ exact: z.int(), near: z.int(), twin: z.int() }),
  /** Product of each photo that a finding names. */
  products: z.record(z.string(), z.int()),
  /** Labels that people have given or confirmed, and those that the model alone says. */
  labels: z.object({ people: z.int(), model: z.int() }),
});
export type CatalogueAnalysis = z.infer<typeof catalogueAnalysisSchema>;
/** What an analysis has found; its state stands beside it. */
export type AnalysisFindings = Pick<CatalogueAnalysis, 'analysis' | 'pairs_found' | 'products' | 'labels'>;
