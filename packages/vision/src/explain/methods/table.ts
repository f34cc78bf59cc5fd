import type { ExplanationMethod } from '@busana/contracts';
import type { Method } from '../method.ts';
import { gradcam, gradcamPlusPlus } from './gradcam.ts';
import { occlusion } from './occlusion.ts';
import { partition } from './partition.ts';
import { rollout } from './rollout.ts';
import { shap } from './shap.ts';

/** Every method by its name on the command line. */
export const methods: { readonly [M in ExplanationMethod]: Method } = {
  partition,
  shap,
  gradcam,
  'gradcam++': gradcamPlusPlus,
  rollout,
  occlusion,
};
