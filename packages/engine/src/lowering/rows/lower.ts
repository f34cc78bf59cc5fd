/**
 * @file Products, sums and normalisations over many rows [R, C], as transformers have them, in the forms the runtime is
 * fast with.
 */
import type { AnyNode } from '../../graph/value.ts';
import type { Lowering } from '../lowering.ts';
import { batchedProduct, turnedMatrices } from './batched-products.ts';
import { softmaxSum } from './softmax-gradient.ts';
import { sumOfRows } from './sums.ts';
import { weightGradient } from './weight-gradient.ts';

/** @returns whether something else now stands for the node's outputs */
export function lowerInRows(lowering: Lowering, node: AnyNode): boolean {
  if (!lowering.inRows) return false;
  switch (node.type) {
    case 'ReduceSum':
      return sumOfRows(lowering, node);
    case 'Transpose':
      return turnedMatrices(lowering, node);
    case 'MatMul':
      return batchedProduct(lowering, node);
    case 'Mul':
      return softmaxSum(lowering, node);
    case 'Gemm':
      return weightGradient(lowering, node);
    default:
      return false;
  }
}
