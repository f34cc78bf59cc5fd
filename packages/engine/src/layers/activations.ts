import type { Value } from '../graph/value.ts';
import type { Network } from './network.ts';

/** max(x, 0) */
export function relu({ graph }: Network, x: Value): Value {
  return graph.op('Relu', [x]);
}

/** min(max(x, 0), 6) (Sandler et al. 2018, "MobileNetV2", section 3). */
export function relu6({ graph }: Network, x: Value): Value {
  return graph.op('Clip', [x, graph.scalar(0), graph.scalar(6)]);
}

/** x sigmoid(x) (Elfwing et al. 2018, "Sigmoid-weighted linear units"). */
export function silu({ graph, training }: Network, x: Value): Value {
  // As one operator it has a gradient that reads less than those of its parts.
  if (training) return graph.op('Silu', [x]);
  return graph.op('Mul', [x, graph.op('Sigmoid', [x])]);
}

/** x times the normal distribution function of x, exactly, by erf (Hendrycks and Gimpel 2016, "GELUs", section 2). */
export function gelu({ graph }: Network, x: Value): Value {
  return graph.op('Gelu', [x], { approximate: 'none' });
}
