import { bytesOf, type Tensor } from './tensor.ts';
import type { Graph } from './graph.ts';
import type { AnyNode, Value } from './value.ts';

/**
 * A graph as stable text, one line a value or node, for comparison with a stored dump: what a change of the code did to
 * the graphs it builds.
 *
 *     input x: float32 [N, 3]
 *     constant w: float32 [3, 2] = 6 values, 1fd3a0c2
 *     MatMul_0:out: float32 [N, 2] = MatMul(x, w)
 *     output MatMul_0:out
 */
export function dumpGraph(graph: Graph): string {
  const lines = [
    ...graph.inputs.map((value) => `input ${typed(value)}`),
    ...graph.constants.map(
      (value) => `constant ${typed(value)}${value.constant ? ` = ${content(value.constant)}` : ''}`,
    ),
    ...graph.nodes.map(nodeLine),
    ...graph.outputs.map(({ name }) => `output ${name}`),
  ];
  return `${lines.join('\n')}\n`;
}

function typed({ name, type, shape }: Value): string {
  return `${name}: ${type} [${shape.join(', ')}]`;
}

function nodeLine({ type, inputs, outputs, attributes }: AnyNode): string {
  const operands = inputs.map((value) => value?.name ?? '-').join(', ');
  const settings = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${outputs.map(typed).join(', ')} = ${type}(${operands})${settings.length > 0 ? ` {${settings.join(', ')}}` : ''}`;
}

/** Few numbers are spelled out, many are summed up: their count and the FNV-1a hash of their bytes. */
function content(tensor: Tensor): string {
  const { data } = tensor;
  if (data.length <= 8) return `[${Array.from<number | bigint>(data).join(', ')}]`;
  let hash = 0x811c9dc5;
  for (const byte of bytesOf(tensor)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return `${data.length} values, ${(hash >>> 0).toString(16).padStart(8, '0')}`;
}
