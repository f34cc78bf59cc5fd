import { readFileSync } from 'node:fs';
import { z } from 'zod';

const numbers = z.array(z.number());
const matrix = z.array(numbers);
const schema = z.object({
  confident_learning: z.array(
    z.object({
      labels: numbers,
      probabilities: numbers,
      classes: z.int(),
      thresholds: numbers,
      confident_joint: matrix,
      calibrated: matrix,
      suspected: numbers,
      normalised_margin: numbers,
      self_confidence: numbers,
    }),
  ),
  mutual_information: z.array(z.object({ counts: matrix, bits: z.number(), smaller_entropy: z.number() })),
  measures: z.array(
    z.object({
      width: z.int(),
      height: z.int(),
      picture: numbers,
      brightness: z.number(),
      contrast: z.number(),
      sharpness: z.number(),
    }),
  ),
});

/** Values by cleanlab, scikit-learn and scipy; made by tools/reference/analysis_reference.py. */
export const reference = schema.parse(
  JSON.parse(readFileSync(new URL('../fixtures/analysis/reference.json', import.meta.url), 'utf8')),
);
