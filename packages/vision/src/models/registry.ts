import { BusanaError } from '@busana/contracts';
import { cnn } from './cnn.ts';
import type { Architecture } from './definition.ts';
import { resnets } from './resnet.ts';

/** Every architecture, in the order `busana models` lists them. */
export const architectures: readonly Architecture[] = [cnn, ...resnets];

/** @throws BusanaError CONFIG_INVALID naming what there is */
export function architectureNamed(name: string): Architecture {
  const found = architectures.find((architecture) => architecture.name === name);
  if (found === undefined) {
    throw new BusanaError('CONFIG_INVALID', `there is no architecture called '${name}'`, {
      remedy: `Choose one of ${architectures.map((architecture) => architecture.name).join(', ')}.`,
    });
  }
  return found;
}
