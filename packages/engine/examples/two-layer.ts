/** A network of two layers learns which of two interleaved half moons a point lies on. */
import { adam, compileForward, compileTrainingStep, floats, linear, Random, relu } from '@busana/engine';
import { softmaxCrossEntropy, tensor, type Network, type Tensor, type Value } from '@busana/engine';

const random = Random.of(1, 'half moons');
const moons = (count: number): { x: Tensor; y: Tensor } => {
  const y = Array.from({ length: count }, () => random.integer(0, 1));
  const points = y.flatMap((moon) => {
    const angle = random.uniform(0, Math.PI);
    return moon === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
  });
  return { x: floats([count, 2], points), y: tensor('int64', [count], BigInt64Array.from(y, BigInt)) };
};
const classify = (network: Network, x: Value): Value =>
  linear(network, 'output', relu(network, linear(network, 'hidden', x, 32)), 2);

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
const evaluation = await compileForward({
  build: (network) => ({ logits: classify(network, network.graph.input('x', 'float32', ['N', 2])) }),
});
const { x, y } = moons(1000);
const { logits } = await evaluation.run({ x }, step.parameters());
const right = [...y.data].filter((moon, i) => Number(logits!.data[2 * i]! < logits!.data[2 * i + 1]!) === Number(moon));
console.log(`${right.length} of 1000 new points are on the right moon`);
