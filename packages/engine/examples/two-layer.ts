/** Two layers learn which of two interlocked half moons a point lies on: npx tsx packages/engine/examples/two-layer.ts */
import { adam, compileTrainingStep, floats, linear, Random, relu, softmaxCrossEntropy, tensor } from '@busana/engine';
import type { Network, Tensor, Value } from '@busana/engine';

const random = Random.of(1, 'moons');
function moons(count: number): { x: Tensor; y: Tensor<'int64'> } {
  const y = BigInt64Array.from({ length: count }, () => BigInt(random.integer(0, 1)));
  const points = Array.from(y, (moon) => {
    const angle = random.uniform(0, Math.PI);
    return moon === 0n ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
  });
  return { x: floats([count, 2], points.flat()), y: tensor('int64', [count], y) };
}
function classify(network: Network, x: Value): Value {
  return linear(network, 'output', relu(network, linear(network, 'hidden', x, 32)), 2);
}
const step = await compileTrainingStep({
  build(network) {
    const logits = classify(network, network.graph.input('x', 'float32', [64, 2]));
    return { loss: softmaxCrossEntropy(network.graph, logits, network.graph.input('y', 'int64', [64])) };
  },
  optimizer: adam(),
  seed: 1,
});
for (let i = 1; i <= 300; i += 1) {
  const { loss } = await step.run(moons(64), { learningRate: 0.02 });
  if (i % 100 === 0) console.log(`step ${i}: loss ${loss.toFixed(4)}`);
}
