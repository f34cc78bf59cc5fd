import type { Value } from '@busana/engine';
import { expectedGradients } from '../expected-gradients.ts';
import { logOddsIn, scored, scoreOf } from '../log-odds.ts';
import type { Method } from '../method.ts';
import { outputNamed } from '../places.ts';
import { compileSeededGradient } from '../seeded-gradient.ts';
import { stopWhenAborted } from '../stop.ts';
import { openInside } from '../open-subject.ts';

/** Points that are differentiated at once: more take more memory and little less time. */
const BATCH = 4;

/** Expected gradients with respect to the pixels, through the graph of the model file. */
export const shap: Method = {
  description: 'expected gradients against background photos, pixel by pixel; our models in float32',
  source: "Erion et al. 2021, arXiv:1906.10670; shap's GradientExplainer",
  signed: true,
  grainy: true,
  samples: 200,
  needsBackground: true,
  async open(model, { samples, seed, background: readBackground, score: wanted, ...engine }) {
    const { subject, inside } = await openInside(model, engine, () => []);
    const { size } = subject;
    const score = scoreOf(subject, wanted);
    const asked = scored(subject, score);
    const background = await readBackground(size);
    const { graph, attributes } = inside;
    const explained = (output: Value): Value => (score === 'log-odds' ? logOddsIn(graph, output) : output);
    const gradient = await compileSeededGradient(
      {
        graph,
        from: graph.inputs[0]!,
        shape: [BATCH, size, size, 3],
        scores: new Map(attributes.map(({ name }) => [name, explained(outputNamed(graph, name))])),
      },
      engine,
    );
    return {
      subject,
      score,
      async explain({ picture, targets, onProgress, signal }) {
        const found = await expectedGradients({
          subject: asked,
          score,
          gradient,
          batch: BATCH,
          picture,
          background,
          targets,
          samples,
          seed,
          onProgress(done, total) {
            stopWhenAborted(signal);
            onProgress?.(done, total);
          },
        });
        return found.map(({ values, base, full, range }) => ({
          values: Float32Array.from(values),
          channels: 3,
          sum: { base, full, range },
        }));
      },
      async release() {
        await gradient.release();
        await subject.release();
      },
    };
  },
};
