import { Graph } from '../../src/graph/graph.ts';
import { floats } from '../../src/graph/tensor.ts';
import type { Value } from '../../src/graph/value.ts';
import { Random } from '../../src/random.ts';
import type { Named } from '../../src/runtime/session.ts';

const SHAPE = [2, 4];
const HALVES = [2, 2];

/**
 * Nodes over values [2, 4], with all that the passes look for: nodes made twice, nodes on constants alone, values passed on or
 * reshaped twice, nodes that nobody reads. Outputs are some of the values, with one of them under two names, and perhaps one of another shape.
 */
export function randomGraph(seed: number): { graph: Graph; feeds: Named } {
  const random = Random.of(seed, 'passes');
  const numbers = () =>
    floats(
      SHAPE,
      Array.from({ length: 8 }, () => random.uniform(-1, 1)),
    );
  const graph = new Graph();
  const values: Value[] = ['a', 'b'].map((name) => graph.input(name, 'float32', SHAPE));
  values.push(graph.constant(numbers()), graph.scalar(0.5), graph.constant(numbers(), 'named'));
  const full = (): Value => random.pick(values.filter(({ shape }) => shape.length === 2));
  const steps = [
    () => graph.op(random.pick(['Add', 'Mul', 'Sub'] as const), [full(), random.pick(values)]),
    () => graph.op(random.pick(['Tanh', 'Relu', 'Neg', 'Identity'] as const), [full()]),
    () => graph.op('LeakyRelu', [full()], random.chance(0.5) ? { alpha: 0.2 } : { alpha: 0.3 }),
    () => {
      const [left, right] = graph.emit('Split', [full(), graph.integers(HALVES)], 2, { axis: 1 });
      return graph.op('Concat', [right!, random.chance(0.5) ? left! : right!], { axis: 1 });
    },
    () => {
      const turned = graph.op('Reshape', [full(), graph.integers([4, 2])]);
      return graph.op('Reshape', [turned, graph.integers(SHAPE)]);
    },
  ];
  const count = random.integer(4, 16);
  for (let made = 0; made < count; made += 1) {
    const step = random.pick(steps);
    values.push(step());
    const last = graph.nodes.at(-1)!;
    if (last.type !== 'Concat' && random.chance(0.4)) {
      const again = graph.nodes.length;
      graph.nodes.push({ ...last, name: `twin${again}`, outputs: [{ ...last.outputs[0]!, name: `twin${again}:out` }] });
      values.push(graph.nodes.at(-1)!.outputs[0]!);
    }
  }
  const given = values.slice(5).filter(() => random.chance(0.4));
  const outputs = given.length > 0 ? given : [values.at(-1)!];
  for (const [index, value] of outputs.entries()) graph.output(value, `output${index}`);
  graph.output(outputs[0]!, 'second name');
  if (random.chance(0.5)) graph.outputs.push(graph.op('Reshape', [full(), graph.integers([8])]));
  return { graph, feeds: { a: numbers(), b: numbers() } };
}
