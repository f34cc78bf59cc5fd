/** @file Why a person should look at a prediction, for programs: each reason has a code and its parts, and no language. */
import { z } from 'zod';

const share = z.number();
/** What sellers call a colour, e.g. `{ en: 'navy', id: 'biru dongker' }`. */
const colour = z.object({ en: z.string(), id: z.string() });
/** An attribute, and one of its codes. */
const label = { attribute: z.string(), value: z.string() };
const two = z.tuple([z.string(), z.string()]);

export const reasonSchema = z.discriminatedUnion('code', [
  /** Unlike all photos that the model has learnt from: its distance to the nearest class, and the largest familiar one. */
  z.object({ code: z.literal('unfamiliar'), distance: z.number(), familiar: z.number() }),
  /** The attribute that the network is least sure of, 0..1. */
  z.object({ code: z.literal('unsure'), ...label, confidence: share }),
  /** The pixels of the garment say another colour than the network. */
  z.object({ code: z.literal('pixels-object'), ...label, colour }),
  /** The garment's colour is not what any value is called. */
  z.object({ code: z.literal('colour-without-value'), attribute: z.string(), colour }),
  z.object({ code: z.literal('between-values'), attribute: z.string(), colour, values: two }),
  z.object({ code: z.literal('heather') }),
  z.object({ code: z.literal('stripes'), colours: z.tuple([colour, colour]) }),
  /** Values of the left and of the right half. */
  z.object({ code: z.literal('two-halves'), attribute: z.string(), values: two }),
  z.object({ code: z.literal('several-pictures') }),
  z.object({ code: z.literal('banner') }),
  z.object({ code: z.literal('lettering') }),
  /** The seller's title names other values than the photo's. */
  z.object({ code: z.literal('title-contradicts'), ...label, said: z.array(z.string()) }),
  /** Of explanations: the label's score falls when a banner is painted over, or the ground is made plain. */
  z.object({ code: z.literal('banner-decides'), ...label, from: share, to: share }),
  z.object({ code: z.literal('background-decides'), ...label, from: share, to: share }),
  /** Little of what speaks about the label lies on the garment. */
  z.object({ code: z.literal('beside-garment'), ...label, share }),
]);
export type Reason = z.infer<typeof reasonSchema>;
