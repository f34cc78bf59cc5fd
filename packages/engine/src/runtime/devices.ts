import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { EngineError } from '../errors.ts';
import { Graph } from '../graph/graph.ts';
import { encodeModel } from '../proto/encode.ts';

/** What a session can compute on: by the runtime's names of its execution providers. */
export const devices = ['cpu', 'webgpu', 'cuda'] as const;
export type Device = (typeof devices)[number];

/** An execution provider that this build of the runtime can load. */
export interface Provider {
  readonly name: string;
  /** Whether its libraries come with the package; the others are installed by whoever has the device. */
  readonly bundled: boolean;
}

/** What the runtime offers here. Whether there is a device as well, only {@link expectDevice} tells. */
export function listProviders(): readonly Provider[] {
  return listSupportedBackends().map(({ name, bundled }) => ({ name, bundled }));
}

/**
 * Computes 2 * 3 on a device.
 * @throws EngineError DEVICE_UNAVAILABLE with the runtime's reason: no such provider, no library of it, no adapter
 */
export async function expectDevice(device: Device): Promise<void> {
  const providers = listProviders();
  if (!providers.some(({ name }) => name === device)) {
    const names = providers.map(({ name }) => name).join(', ');
    throw unavailable(device, `this build of the runtime offers ${names}`);
  }
  const graph = new Graph();
  graph.output(graph.op('Mul', [graph.input('x', 'float32', [1]), graph.input('y', 'float32', [1])]), 'z');
  let product: unknown;
  try {
    env.logLevel = 'fatal';
    const session = await InferenceSession.create(encodeModel(graph), {
      executionProviders: [device],
      intraOpNumThreads: 1,
      logSeverityLevel: 4,
    });
    const of = (value: number): Tensor => new Tensor('float32', Float32Array.of(value), [1]);
    const { z } = await session.run({ x: of(2), y: of(3) });
    product = z?.data[0];
    await session.release();
  } catch (cause) {
    throw unavailable(device, reasonOf(cause), cause);
  }
  if (product !== 6) throw unavailable(device, `it computes 2 * 3 = ${String(product)}`);
}

function unavailable(device: Device, reason: string, cause?: unknown): EngineError {
  return new EngineError('DEVICE_UNAVAILABLE', `the device '${device}' cannot be used here: ${reason}`, cause);
}

/** The runtime's messages begin with the place in its sources and the condition that did not hold. */
function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message
    .replace(/^.* was false\. /s, '')
    .trim()
    .split('\n')[0]!;
}
