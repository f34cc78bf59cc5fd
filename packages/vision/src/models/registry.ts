import { BusanaError } from '@busana/contracts';
import { cnn } from './cnn.ts';
import type { Architecture } from './definition.ts';
import { deits } from './deit.ts';
import { efficientNetLites } from './efficientnet-lite.ts';
import { mobileNetV2 } from './mobilenet-v2.ts';
import { resnets } from './resnet.ts';
import { yolo11s } from './yolo11.ts';

/** Every architecture, in the order `busana models` lists them. */
export const architectures: readonly Architecture[] = [
  cnn,
  ...resnets,
  ...efficientNetLites,
  mobileNetV2,
  ...deits,
  ...yolo11s,
];

/** Other names people know an architecture by. */
const aliases: Readonly<Record<string, string>> = {
  deit_tiny: 'deit_tiny_patch16_224',
  deit_small: 'deit_small_patch16_224',
  deit_base: 'deit_base_patch16_224',
};

/** @throws BusanaError CONFIG_INVALID naming what there is */
export function architectureNamed(name: string): Architecture {
  const found = architectures.find((architecture) => architecture.name === (aliases[name] ?? name));
  if (found === undefined) {
    throw new BusanaError('CONFIG_INVALID', `there is no architecture called '${name}'`, {
      remedy: `Choose one of ${architectures.map((architecture) => architecture.name).join(', ')}.`,
    });
  }
  return found;
}
