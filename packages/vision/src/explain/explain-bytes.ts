/** @file Why a model answers as it does to one photo, as pictures in memory: for whoever shows them at once. */
import type { ExplanationMethod, Reason } from '@busana/contracts';
import { PassThrough } from 'node:stream';
import type { EngineOptions } from '../engine-options.ts';
import { preparePicture } from '../image/resize.ts';
import { readBackground } from './background.ts';
import { explainPhoto } from './explain-photo.ts';
import { meanOverSquares } from './heat.ts';
import { methods } from './methods/table.ts';
import { overlayPng } from './overlay.ts';
import { scaleOf } from './scale.ts';
import { checkWish } from './target.ts';

/** Squares along the side of a picture of grainy values. */
export const SQUARES = 56;

/** What speaks for the likeliest class of one attribute. */
export interface ExplainedAttribute {
  readonly attribute: string;
  readonly code: string;
  readonly label: string;
  /** PNG of the photo in grey with the values over it. */
  readonly overlay: Uint8Array;
  /** Share of the absolute values on the garment, 0..1; null where none could be told from the ground. */
  readonly garmentShare: number | null;
  readonly warnings: readonly string[];
  /** The same for programs. */
  readonly doubts: readonly Reason[];
}

export interface PhotoExplainer {
  /**
   * @param bytes file of a photo
   * @param attribute one alone; default: all
   * @throws BusanaError IMAGE_UNREADABLE, IMAGE_TOO_LARGE, USAGE for an attribute that there is not, INTERRUPTED
   */
  readonly explain: (bytes: Uint8Array, attribute?: string, signal?: AbortSignal) => Promise<ExplainedAttribute[]>;
  readonly release: () => Promise<void>;
}

/**
 * Makes a method ready for a model, with the number of evaluations that `busana explain` uses.
 * @param model a model file or a run folder
 * @throws BusanaError MODEL_NOT_FOUND; MODEL_INVALID, also where the method cannot look into it
 */
export async function openExplainer(
  model: string,
  method: ExplanationMethod,
  { threads = 0, device = 'cpu' }: EngineOptions = {},
): Promise<PhotoExplainer> {
  const { samples = 0, grainy, open } = methods[method];
  const stdin = new PassThrough().end();
  const explainer = await open(model, {
    ...{ samples, masking: 'blur', seed: 0, threads, device },
    background: async (size) => (await readBackground(undefined, { size, seed: 0, stdin })).photos,
  });
  const { size } = explainer.subject;
  const square = grainy === true ? Math.ceil(size / SQUARES) : 1;
  return {
    async explain(bytes, attribute, signal) {
      const wish = attribute === undefined ? {} : { attributes: [attribute] };
      checkWish(explainer.subject, wish);
      const picture = await preparePicture(bytes, size);
      const options = { wish, curves: false, ...(signal && { signal }) };
      const { findings } = await explainPhoto(explainer, picture, options);
      return Promise.all(
        findings.map(async ({ heat: values, doubts, record }) => {
          const heat = meanOverSquares(values, size, square);
          const overlay = await overlayPng(picture.data, heat, size, scaleOf([heat]));
          const { attribute: name, code, label, garment_share, warnings } = record;
          return { attribute: name, code, label, overlay, garmentShare: garment_share, warnings, doubts };
        }),
      );
    },
    release: () => explainer.release(),
  };
}
