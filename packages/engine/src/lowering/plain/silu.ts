import type { Value } from '../../graph/value.ts';
import type { Build } from '../../rules/build.ts';

/** x sigmoid(x), in any layout: where nothing else reads the sigmoid, the runtime does both in one pass. */
export function silu(build: Build, x: Value): Value {
  return build.mul(x, build.graph.op('Sigmoid', [x]));
}
