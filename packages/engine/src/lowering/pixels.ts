import type { AnyNode, Value } from '../graph/value.ts';
import { floats } from '../graph/tensor.ts';
import type { Lowering } from './lowering.ts';

/**
 * Bytes that become float32 and are then multiplied, all by one number or each channel by its own, as pixels are: one pass
 * of DequantizeLinear instead of two, the same products.
 * @returns whether the node was such a conversion
 */
export function lowerPixels({ build, values, absorbed, onlyReader, inRows }: Lowering, node: AnyNode): boolean {
  if (!inRows || node.type !== 'Cast' || node.attributes.to !== 'float32' || node.inputs[0]!.type !== 'uint8')
    return false;
  const product = onlyReader(node.outputs[0]!);
  if (product?.type !== 'Mul' || product.outputs[0]!.shape.join() !== node.inputs[0]!.shape.join()) return false;
  const scale = scaleOf(product.inputs.find((input) => input !== node.outputs[0])!);
  if (scale === undefined) return false;
  const { graph } = build;
  const constant = graph.constant(floats(scale.length === 1 ? [] : [scale.length], scale));
  const made = graph.op('DequantizeLinear', [values.plain(node.inputs[0]!), constant], { axis: 1 });
  values.setPlain(product.outputs[0]!, made);
  absorbed.add(product);
  return true;
}

/** One number, or one for each channel of [N, C, H, W]. */
function scaleOf({ constant, shape }: Value): readonly number[] | undefined {
  if (constant === undefined || !(constant.data instanceof Float32Array)) return undefined;
  const isPerChannel = shape.length === 4 && shape.every((size, axis) => axis === 1 || size === 1);
  return constant.data.length === 1 || isPerChannel ? [...constant.data] : undefined;
}
