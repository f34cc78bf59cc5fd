import { BusanaError } from '@busana/contracts';
import { enlargeMap, meanMap, mirroredMap, type PlaceMap } from '../maps.ts';
import type { Method } from '../method.ts';
import { attentionsOf } from '../places.ts';
import { openInside } from '../open-subject.ts';

/**
 * Where the learnt tokens look, through all blocks: the product of the attention matrices, heads averaged, each mixed
 * half and half with the identity for the residual connection (Abnar and Zuidema 2020, section 3). It asks for no class.
 */
export const rollout: Method = {
  description: 'where a vision transformer looks, through all its blocks; the same for every class; our DeiT models',
  source: 'Abnar and Zuidema 2020, arXiv:2005.00928',
  signed: false,
  classIndependent: true,
  async open(model, engine) {
    const { subject, inside } = await openInside(model, engine, (inside) => {
      if (inside.architecture.learntTokens === undefined) throw noTransformer(inside.architecture.name);
      return inside.attributes.flatMap(({ name }) => attentionsOf(inside, name).map((value) => value.name));
    });
    const learnt = inside.architecture.learntTokens!;
    return {
      subject,
      async explain({ picture, targets, onProgress }) {
        const answer = await subject.answer(picture, 1);
        onProgress?.(1, 1);
        const known = new Map<string, Float32Array>();
        return targets.map(({ attribute }) => {
          const values = known.get(attribute) ?? enlargeMap(rolledOut(attribute), subject.size);
          known.set(attribute, values);
          return { values, channels: 1 };
        });

        /** The photo's map; of a network that sees the mirror image too, the mean of both. */
        function rolledOut(attribute: string): PlaceMap {
          const blocks = attentionsOf(inside, attribute);
          const [heads, tokens] = blocks[0]!.shape.slice(1, 3).map(Number) as [number, number];
          const matrices = blocks.map(({ name }) => answer[name]!);
          const entries = matrices[0]!.length / (heads * tokens * tokens);
          const maps = Array.from({ length: entries }, (_, entry) => {
            const map = lookOf(matrices, { entry, heads, tokens, learnt });
            return entry === 0 ? map : mirroredMap(map);
          });
          return meanMap(maps);
        }
      },
      release: subject.release,
    };
  },
};

interface Stack {
  readonly entry: number;
  readonly heads: number;
  readonly tokens: number;
  /** Learnt tokens, which come first. */
  readonly learnt: number;
}

/** Mean look of the learnt tokens at the patches. @param matrices per block, `[entries, heads, tokens, tokens]` */
function lookOf(matrices: readonly Float32Array[], { entry, heads, tokens, learnt }: Stack): PlaceMap {
  // From the last block to the first, only the rows of the learnt tokens are needed.
  let rows = Array.from({ length: learnt }, (_, token) => {
    const row = new Float64Array(tokens);
    row[token] = 1;
    return row;
  });
  for (const matrix of matrices.toReversed()) {
    rows = rows.map((row) => {
      const next = row.map((share) => share / 2);
      for (let from = 0; from < tokens; from += 1) {
        for (let head = 0; head < heads; head += 1) {
          const start = ((entry * heads + head) * tokens + from) * tokens;
          const share = row[from]! / (2 * heads);
          for (let to = 0; to < tokens; to += 1) next[to]! += share * matrix[start + to]!;
        }
      }
      return next;
    });
  }
  const side = Math.sqrt(tokens - learnt);
  const values = Float64Array.from({ length: side * side }, (_, place) =>
    rows.reduce((sum, row) => sum + row[learnt + place]! / learnt, 0),
  );
  return { height: side, width: side, values };
}

function noTransformer(architecture: string): BusanaError {
  return new BusanaError(
    'CONFIG_INVALID',
    `attention rollout needs a vision transformer, and the model is a ${architecture}`,
    {
      remedy: 'Use --method gradcam, shap or partition.',
    },
  );
}
