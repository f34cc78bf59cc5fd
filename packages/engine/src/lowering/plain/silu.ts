import type { Value } from '../../graph/value.ts';
import type { Build } from '../../rules/build.ts';

/**
 * The gradient of {@link silu}, in any layout: with s = sigmoid(x), dy (y + s (1 - y)), which leaves the least to compute.
 */
export function siluGradient(build: Build, dy: Value, x: Value, y: Value): Value {
  const slope = build.mul(build.graph.op('Sigmoid', [x]), build.sub(1, y));
  return build.mul(dy, build.add(slope, y));
}

/** x sigmoid(x), in any layout: where nothing else reads the sigmoid, the runtime does both in one pass. */
export function silu(build: Build, x: Value): Value {
  return build.mul(x, build.graph.op('Sigmoid', [x]));
}
