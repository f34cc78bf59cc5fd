/**
 * @file YOLO11 for classification, built from the published structure (Jocher and Qiu 2024, "Ultralytics YOLO11", its
 * model description; blocks as in Khanam and Hussain 2024, arXiv:2410.17725, section 4). Parameter names are those of the
 * user's own checkpoints; no code or weights of theirs are part of this project.
 */
import { globalAveragePool2d, type Value } from '@busana/engine';
import { beforePooling } from './blocks.ts';
import type { Architecture } from './definition.ts';
import { positionSensitiveAttention } from './yolo11-attention.ts';
import { c3k2, unit } from './yolo11-blocks.ts';

interface Scale {
  readonly name: string;
  readonly depth: number;
  readonly width: number;
  /** Channels before scaling never exceed this. */
  readonly most: number;
  /** Whether the early stages have the deeper blocks too. */
  readonly deep: boolean;
}

const LAST_CHANNELS = 1280;

function yolo11({ name, depth, width, most, deep }: Scale): Architecture {
  const scaled = (channels: number): number => Math.ceil((Math.min(channels, most) * width) / 8) * 8;
  const repetitions = Math.max(Math.round(2 * depth), 1);
  return {
    name,
    description: 'Cross-stage partial network with attention at its end',
    source: 'Ultralytics YOLO11 (2024), built from the published structure; arXiv:2410.17725',
    weightsLicence: 'AGPL-3.0 (Ultralytics): bring your own file',
    defaultImageSize: 224,
    normalise: 'zero-one',
    backbone(network, image) {
      const down = (layer: number, x: Value, channels: number): Value =>
        unit(network, `model.${layer}`, x, { channels: scaled(channels), kernel: 3, stride: 2 });
      const stage = (layer: number, x: Value, channels: number, deeper: boolean, share: number): Value =>
        network.block(x, (input) => {
          const options = { channels: scaled(channels), repetitions, deep: deep || deeper, share };
          return c3k2(network, `model.${layer}`, input, options);
        });
      let x = down(1, down(0, image, 64), 128);
      x = down(3, stage(2, x, 256, false, 0.25), 256);
      x = down(5, stage(4, x, 512, false, 0.25), 512);
      x = down(7, stage(6, x, 512, true, 0.5), 1024);
      x = network.block(stage(8, x, 1024, true, 0.5), (input) =>
        positionSensitiveAttention(network, 'model.9', input, repetitions),
      );
      x = unit(network, 'model.10.conv', x, { channels: LAST_CHANNELS, kernel: 1 });
      return network.graph.op('Flatten', [globalAveragePool2d(network, x)], { axis: 1 });
    },
    classifiers: ['model.10.linear'],
    lastMap: beforePooling,
    stages: Array.from({ length: 11 }, (_, index) => [index < 10 ? `model.${index}` : 'model.10.conv']),
  };
}

export const yolo11s = [
  yolo11({ name: 'yolo11n-cls', depth: 0.5, width: 0.25, most: 1024, deep: false }),
  yolo11({ name: 'yolo11s-cls', depth: 0.5, width: 0.5, most: 1024, deep: false }),
  yolo11({ name: 'yolo11m-cls', depth: 0.5, width: 1, most: 512, deep: true }),
  yolo11({ name: 'yolo11l-cls', depth: 1, width: 1, most: 512, deep: true }),
  yolo11({ name: 'yolo11x-cls', depth: 1, width: 1.5, most: 512, deep: true }),
] as const;
