import type { AnyNode, Value } from '../../graph/value.ts';
import { sizesOf } from '../../rules/build.ts';
import { geometryOf } from '../../rules/convolution/window.ts';
import type { Lowering } from '../lowering.ts';
import { batchNormalization, batchNormalizationGradient } from './batch-normalization.ts';
import { inputGradient } from './input-gradient.ts';
import { reluGradient } from './relu-gradient.ts';
import { silu, siluGradient } from './silu.ts';
import { weightGradient } from './weight-gradient.ts';

/** Our own operators in ONNX's. @returns whether the node was one of them */
export function lowerPlainly({ build, values, isRead }: Lowering, node: AnyNode): boolean {
  const input = (index: number): Value => values.plain(node.inputs[index]!);
  const set = (...made: readonly Value[]): void => {
    node.outputs.forEach((output, index) => values.setPlain(output, made[index]!));
  };
  switch (node.type) {
    case 'ConvInputGradient': {
      const geometry = geometryOf(node.attributes, sizesOf(node.outputs[0]!), sizesOf(node.inputs[0]!));
      set(inputGradient(build, input(0), input(1), geometry));
      return true;
    }
    case 'ConvWeightGradient': {
      const geometry = geometryOf(node.attributes, sizesOf(node.inputs[0]!), sizesOf(node.inputs[1]!));
      set(weightGradient(build, input(0), input(1), geometry));
      return true;
    }
    case 'Silu':
      set(silu(build, input(0)));
      return true;
    case 'SiluGradient':
      set(siluGradient(build, input(0), input(1), input(2)));
      return true;
    case 'ReluGradient':
      set(reluGradient(build, input(0), input(1), node.attributes.upper));
      return true;
    case 'BatchNormalizationTraining':
      set(...batchNormalization(build, [input(0), input(1), input(2)], node.attributes.epsilon));
      return true;
    case 'BatchNormalizationGradient': {
      const operands = [input(0), input(1), input(2), input(3), input(4)] as const;
      const [dx, dscale, dbias] = batchNormalizationGradient(build, operands);
      if (isRead(node.outputs[0]!)) values.setPlain(node.outputs[0]!, dx());
      values.setPlain(node.outputs[1]!, dscale);
      values.setPlain(node.outputs[2]!, dbias);
      return true;
    }
    default:
      return false;
  }
}
