import { readFileSync } from 'node:fs';
import { z } from 'zod';

const matrix = z.array(z.array(z.number()));
const interval = z.tuple([z.number(), z.number()]);
const schema = z.object({
  chi_square: z.array(
    z.object({
      counts: matrix,
      statistic: z.number(),
      p_value: z.number(),
      degrees_of_freedom: z.int(),
      expected: matrix,
      cramers_v: z.number(),
    }),
  ),
  wilson: z.array(z.object({ successes: z.int(), trials: z.int(), low: z.number(), high: z.number() })),
  mcnemar: z.array(z.object({ only_first: z.int(), only_second: z.int(), p_value: z.number() })),
  holm: z.array(z.object({ p: z.array(z.number()), adjusted: z.array(z.number()) })),
  classification: z.array(
    z.object({
      targets: z.array(z.array(z.int())),
      probabilities: matrix,
      attributes: z.array(
        z.object({
          accuracy: z.number(),
          macro_precision: z.number(),
          macro_recall: z.number(),
          macro_f1: z.number(),
          brier_score: z.number(),
          expected_calibration_error: z.number(),
          precision: z.array(z.number()),
          recall: z.array(z.number()),
          f1: z.array(z.number()),
          support: z.array(z.int()),
          confusion: matrix,
        }),
      ),
      emr: z.object({ successes: z.int(), trials: z.int() }),
      expected_calibration_error: z.number(),
      brier_score: z.number(),
      hamming_loss: z.number(),
      jaccard: z.number(),
      combination: z.object({ labels: z.array(z.string()), confusion: matrix }),
    }),
  ),
  bootstrap: z.array(
    z.object({
      confidence: z.array(z.number()),
      first: z.array(z.boolean()),
      second: z.array(z.boolean()),
      draws: matrix,
      emr: interval,
      difference: interval,
      expected_calibration_error: interval,
    }),
  ),
  temperature: z.array(z.object({ logits: z.array(z.number()), targets: z.array(z.int()), temperature: z.number() })),
});

/** Values by scipy, scikit-learn and statsmodels; made by tools/reference/statistics_reference.py. */
export const reference = schema.parse(
  JSON.parse(readFileSync(new URL('../fixtures/statistics/reference.json', import.meta.url), 'utf8')),
);
