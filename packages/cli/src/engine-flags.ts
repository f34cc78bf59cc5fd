import { BusanaError, devices, deviceSchema, threadsSchema, type Device } from '@busana/contracts';
import { Option, type Command } from 'commander';

export interface ThreadsFlag {
  readonly threads?: string;
}

export interface EngineFlags extends ThreadsFlag {
  readonly device?: string;
}

export function withThreadsFlag(command: Command): Command {
  return command.option('--threads <count>', 'threads of the engine and of the decoder, 0 for every core (default: 0)');
}

/** Flags of commands that ask a model. */
export function withEngineFlags(command: Command): Command {
  return withThreadsFlag(command).addOption(deviceOption());
}

export function deviceOption(): Option {
  return new Option(
    '--device <name>',
    `${devices.join(', ')}: what computes, where the runtime offers it (default: cpu)`,
  );
}

/** @throws BusanaError CONFIG_INVALID */
export function threadsOption({ threads }: ThreadsFlag): { threads?: number } {
  if (threads === undefined) return {};
  // An empty text is the number 0 to JavaScript.
  const parsed = threadsSchema.safeParse(threads.trim() === '' ? NaN : Number(threads));
  if (parsed.success) return { threads: parsed.data };
  throw new BusanaError('CONFIG_INVALID', `--threads '${threads}' is not ${parsed.error.issues[0]!.message}`);
}

/** @throws BusanaError CONFIG_INVALID, DEVICE_UNAVAILABLE */
export function engineOptions({ device, ...flags }: EngineFlags): { threads?: number; device?: Device } {
  return { ...threadsOption(flags), ...(device !== undefined && { device: deviceNamed(device) }) };
}

/** @throws BusanaError DEVICE_UNAVAILABLE naming those there are */
export function deviceNamed(name: string): Device {
  const parsed = deviceSchema.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new BusanaError('DEVICE_UNAVAILABLE', `there is no device '${name}'`, {
    remedy: `Use one of ${devices.join(', ')}; busana doctor lists what the runtime offers here.`,
  });
}
