/**
 * @file Runs that return nothing. onnxruntime-node 1.30 copies every output into memory of its own before it returns it,
 * also one that was written where the caller wanted it: 102 MB of gradients took 51 ms. It returns no output at all where
 * it knows no JavaScript value for the first one, and by then all of them are written. That one is a sequence here.
 */
import type { GraphMessage, ModelMessage } from '../proto/messages.ts';
import { tensorMessage } from '../proto/tensors.ts';
import { tensor } from '../graph/tensor.ts';

/** Name of the first output of such a model. */
export const UNRETURNED = 'nothing is returned';
/** What the binding says of it. */
const REFUSAL = 'Non tensor type is temporarily not supported.';
const ELEMENT = 'element of what is not returned';

/** The model with an output in front whose value the binding cannot return. */
export function withoutReturn(model: ModelMessage & { readonly graph: GraphMessage }): ModelMessage {
  const { graph } = model;
  const element = tensorMessage(ELEMENT, tensor('float32', [1]));
  const sequence = { opType: 'SequenceConstruct', name: UNRETURNED, input: [ELEMENT], output: [UNRETURNED] };
  return {
    ...model,
    graph: {
      ...graph,
      initializer: [...(graph.initializer ?? []), element],
      node: [...(graph.node ?? []), sequence],
      // The runtime infers its type.
      output: [{ name: UNRETURNED }, ...(graph.output ?? [])],
    },
  };
}

/** Waits for a run of such a model, whose outputs are then written. @throws whatever else the run fails of */
export async function untilWritten(run: Promise<unknown>): Promise<void> {
  try {
    await run;
  } catch (cause) {
    if (!(cause instanceof Error) || cause.message !== REFUSAL) throw cause;
  }
}
