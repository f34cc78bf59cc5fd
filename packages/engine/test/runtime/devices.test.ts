import { InferenceSession } from 'onnxruntime-node';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import type { Tensor } from '../../src/graph/tensor.ts';
import { sgd } from '../../src/optim/optimizers.ts';
import { devices, expectDevice, listProviders, type Device } from '../../src/runtime/devices.ts';
import { createSession, type SessionOptions } from '../../src/runtime/session.ts';
import { expectClose } from '../../src/testing/closeness.ts';
import { compileForward } from '../../src/training/forward.ts';
import { compileTrainingStep } from '../../src/training/step.ts';
import { batchOf, BATCH, body, smallNetwork } from '../training/small-network.ts';

const reasonOf = (device: Device): Promise<string | undefined> =>
  expectDevice(device).then(
    () => undefined,
    (error: Error) => error.message,
  );
const others = devices.filter((device) => device !== 'cpu');
const reasons = new Map<Device, string | undefined>();
for (const device of others) reasons.set(device, await reasonOf(device));

afterEach(() => vi.restoreAllMocks());

/** y = -x */
function negation(): Graph {
  const graph = new Graph();
  graph.output(graph.op('Neg', [graph.input('x', 'float32', [1])]), 'y');
  return graph;
}

describe('the options of a session reach the runtime', () => {
  const given = async (options: SessionOptions) => {
    const create = vi.spyOn(InferenceSession, 'create');
    await (await createSession(negation(), { layout: 'plain', ...options })).release();
    expect(create).toHaveBeenCalledOnce();
    const [, passed] = create.mock.calls[0] as [unknown, InferenceSession.SessionOptions];
    return passed;
  };

  it.each([1, 3])('threads: %d', async (threads) => {
    expect(await given({ threads })).toMatchObject({ intraOpNumThreads: threads, executionProviders: ['cpu'] });
  });

  it.each([0, -1, 1.5, NaN])('threads: %d is refused', async (threads) => {
    await expect(createSession(negation(), { threads })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: `threads is a whole number from 1, not ${threads}`,
    });
  });
});

describe('devices', () => {
  it('the processor is always there', async () => {
    expect(listProviders()).toContainEqual({ name: 'cpu', bundled: true });
    await expect(expectDevice('cpu')).resolves.toBeUndefined();
  });

  it('one that the runtime was not built with is named with those it has', async () => {
    vi.resetModules();
    vi.doMock('onnxruntime-node', async (original) => ({
      ...(await original<object>()),
      listSupportedBackends: () => [{ name: 'cpu', bundled: true }],
    }));
    const { expectDevice: expectHere } = await import('../../src/runtime/devices.ts');
    vi.doUnmock('onnxruntime-node');
    await expect(expectHere('webgpu')).rejects.toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
      message: "the device 'webgpu' cannot be used here: this build of the runtime offers cpu",
    });
  });

  it.skipIf(others.every((device) => reasons.get(device) === undefined))(
    'one that is not there is refused with the reason in one line, and the process goes on',
    async () => {
      const missing = others.filter((device) => reasons.get(device) !== undefined);
      for (const device of missing) {
        const failure = createSession(negation(), { device });
        const message = expect.stringMatching(new RegExp(`^the device '${device}' cannot be used here: .+$`)) as string;
        await expect(failure).rejects.toMatchObject({ code: 'DEVICE_UNAVAILABLE', message });
        expect(reasons.get(device)).not.toMatch(/onnxruntime_src|\n/);
      }
      await (await createSession(negation())).release();
    },
  );
});

describe.each(others)('%s computes as the processor does', (device) => {
  const reason = reasons.get(device);
  const here = reason === undefined ? '' : ` (skipped: ${reason})`;

  async function forwardOn(session: SessionOptions): Promise<Tensor> {
    const step = await compileTrainingStep({ build: smallNetwork({ dropout: 0 }), optimizer: sgd(), seed: 1 });
    const forward = await compileForward({
      build: (network) => ({ y: body(network, network.graph.input('x', 'float32', ['N', 2, 6, 6]), { dropout: 0 }) }),
      session,
    });
    const { y } = await forward.run({ x: batchOf(0).x }, step.parameters());
    await Promise.all([forward.release(), step.release()]);
    return y!;
  }

  async function stepOn(session: SessionOptions): Promise<{ loss: number; parameters: Map<string, Tensor> }> {
    const step = await compileTrainingStep({
      build: smallNetwork({ dropout: 0 }),
      optimizer: sgd({ momentum: 0.9 }),
      seed: 1,
      session,
    });
    const { loss } = await step.run({ ...batchOf(0) }, { learningRate: 0.1 });
    const parameters = new Map(step.parameters());
    await step.release();
    return { loss, parameters };
  }

  it.skipIf(reason !== undefined)(`forward, to 1e-3${here}`, async () => {
    const [expected, actual] = [await forwardOn({ device: 'cpu' }), await forwardOn({ device })];
    expect(actual.shape).toEqual([BATCH, 3]);
    expectClose(actual, expected, 1e-3);
  });

  it.skipIf(reason !== undefined)(`one training step, to 1e-4${here}`, async () => {
    const [expected, actual] = [await stepOn({ device: 'cpu' }), await stepOn({ device })];
    expect(actual.loss).toBeCloseTo(expected.loss, 4);
    for (const [name, values] of expected.parameters) expectClose(actual.parameters.get(name)!, values, 1e-4, name);
  });
});
