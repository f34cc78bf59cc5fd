/** @file `busana doctor`: what this machine is, and whether the engine computes rightly on it. */
import { devices, type Device } from '@busana/contracts';
import { compileTrainingStep, floats, linear, listProviders, sgd, type Provider } from '@busana/engine';
import { loadModel } from './artifact/model.ts';
import { shippedModel } from './artifact/shipped.ts';
import { expectDevice } from './engine-options.ts';
import { describeIntegerSpeed, readProcessor } from './processor.ts';
import { describeEnvironment } from './train/environment.ts';

export interface Examination {
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

export async function examine(): Promise<Examination> {
  const { versions, platform, cpu, cores, memory_gib: memory } = await describeEnvironment();
  const chip = await readProcessor();
  const facts = [
    ...Object.entries(versions).map(([name, value]) => ({ name, value })),
    { name: 'platform', value: platform },
    { name: 'processor', value: cpu },
    { name: 'instruction sets', value: chip.features?.join(' ') ?? 'unknown' },
    { name: 'threads', value: String(cores) },
    { name: 'memory', value: `${memory} GiB` },
    { name: 'int8 models', value: describeIntegerSpeed(chip) },
    { name: 'execution providers', value: listProviders().map(describeProvider).join(', ') },
    ...(await describeDevices()),
  ];
  return { facts, checks: [await checkTraining(), ...(await checkShippedModel())] };
}

function describeProvider({ name, bundled }: Provider): string {
  return bundled ? name : `${name} (libraries not included)`;
}

/** Those of `--device`, tried: a provider may be there without a device, or without its libraries. */
async function describeDevices(): Promise<Examination['facts']> {
  const found: { name: string; value: string }[] = [];
  for (const device of devices) found.push({ name: `device ${device}`, value: await tryDevice(device) });
  return found;
}

async function tryDevice(device: Device): Promise<string> {
  try {
    await expectDevice(device);
    return 'works';
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return `not here: ${message.slice(message.indexOf(': ') + 2)}`;
  }
}

/** One step of y = w x from w = 2 towards 0 for x = 3: loss 6, gradient 3, at rate 0.5 the new weight 0.5. */
async function checkTraining(): Promise<Examination['checks'][number]> {
  const name = 'one training step';
  try {
    const step = await compileTrainingStep({
      build(network) {
        const x = network.graph.input('x', 'float32', [1, 1]);
        const y = linear(network, 'layer', x, 1, { bias: false });
        return { loss: network.graph.op('ReduceSum', [y], { keepdims: 0 }) };
      },
      optimizer: sgd(),
      seed: 0,
      initial: new Map([['layer.weight', floats([1, 1], [2])]]),
    });
    const { loss } = await step.run({ x: floats([1, 1], [3]) }, { learningRate: 0.5 });
    const weight = Number(step.parameters().get('layer.weight')?.data[0]);
    await step.release();
    const ok = loss === 6 && weight === 0.5;
    return { name, ok, detail: ok ? 'gradient and update are right' : `loss ${loss}, weight ${weight}` };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

/** The model that comes with busana, asked its golden test picture; nothing where it is not installed. */
async function checkShippedModel(): Promise<Examination['checks']> {
  const file = await shippedModel();
  if (file === undefined) return [];
  const name = 'the shipped model';
  try {
    const model = await loadModel(file);
    await model.release();
    const { name: called, architecture } = model.metadata['busana.provenance'];
    return [{ name, ok: true, detail: `${called} (${architecture}) answers its test picture as where it was trained` }];
  } catch (error) {
    return [{ name, ok: false, detail: error instanceof Error ? error.message : String(error) }];
  }
}
