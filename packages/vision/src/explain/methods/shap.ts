import { expectedGradients } from '../expected-gradients.ts';
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
  async open(model, { samples, seed, background: readBackground, ...engine }) {
    const { subject, inside } = await openInside(model, engine, () => []);
    const { size } = subject;
    const background = await readBackground(size);
    const { graph, attributes } = inside;
    const gradient = await compileSeededGradient(
      {
        graph,
        from: graph.inputs[0]!,
        shape: [BATCH, size, size, 3],
        scores: new Map(attributes.map(({ name }) => [name, outputNamed(graph, name)])),
      },
      engine,
    );
    return {
      subject,
      async explain({ picture, targets, onProgress, signal }) {
        const found = await expectedGradients({
          subject,
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
        return found.map(({ values, base }) => ({ values: Float32Array.from(values), channels: 3, base }));
      },
      async release() {
        await gradient.release();
        await subject.release();
      },
    };
  },
};
