import { askAbout } from '../ask.ts';
import { maskerOf } from '../masking.ts';
import { scored, scoreOf } from '../log-odds.ts';
import type { Method } from '../method.ts';
import { owenValues } from '../owen.ts';
import { openSubject } from '../open-subject.ts';
import { stopWhenAborted } from '../stop.ts';

/** Owen values of a hierarchy of regions; any model, exact additivity. */
export const partition: Method = {
  description: 'Owen values over a hierarchy of regions, hidden by blur or inpainting; adds up exactly; any model',
  source: "Lundberg and Lee 2017, arXiv:1705.07874; shap's PartitionExplainer",
  signed: true,
  samples: 500,
  masks: true,
  async open(model, { samples, masking, score: wanted, ...engine }) {
    const subject = await openSubject(model, engine);
    const score = scoreOf(subject, wanted);
    const asked = scored(subject, score);
    return {
      subject,
      score,
      async explain({ picture, targets, onProgress, signal }) {
        const { size } = subject;
        const mask = maskerOf(masking, picture, size);
        const { base, full, values } = await owenValues(
          (coalitions) => {
            stopWhenAborted(signal);
            return askAbout(asked, targets, coalitions.length, (at, into) => mask(coalitions[at], into));
          },
          { size, evaluations: samples, ...(onProgress && { onProgress }) },
        );
        return targets.map((_, at) => ({
          values: Float32Array.from(values[at]!),
          channels: 3,
          sum: { base: base[at]!, full: full[at]!, range: Math.abs(full[at]! - base[at]!) },
        }));
      },
      release: subject.release,
    };
  },
};
