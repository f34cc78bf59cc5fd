/** @file What the engine computes on and with how many threads, as commands are told. */
import { BusanaError, type Device } from '@busana/contracts';
import { EngineError, expectDevice as expectOffered, type SessionOptions } from '@busana/engine';

export interface EngineOptions {
  /** Threads of the engine and of the decoder of photos; 0 (default): every core. */
  readonly threads?: number;
  /** Default `cpu`. */
  readonly device?: Device;
}

/** The same as a session takes it. */
export function sessionOptions({ threads = 0, device = 'cpu' }: EngineOptions): SessionOptions {
  return { ...(threads > 0 && { threads }), ...(device !== 'cpu' && { device }) };
}

const remedies: { readonly [D in Device]: string } = {
  cpu: 'Install onnxruntime-node again.',
  webgpu: 'Use --device cpu, or install the driver of a graphics card: Vulkan (Linux), Direct3D 12 (Windows) or Metal.',
  cuda: "Use --device cpu, or install CUDA with cuDNN and the runtime's libraries for it (docs/reference/commands.md).",
};

/**
 * Refuses a device before any work is done for it.
 * @throws BusanaError DEVICE_UNAVAILABLE with the runtime's reason
 */
export async function expectDevice(device: Device = 'cpu'): Promise<void> {
  // The processor is always offered.
  if (device === 'cpu') return;
  try {
    await expectOffered(device);
  } catch (cause) {
    if (!(cause instanceof EngineError)) throw cause;
    throw new BusanaError('DEVICE_UNAVAILABLE', cause.message, { remedy: remedies[device], cause });
  }
}
