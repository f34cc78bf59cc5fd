/** @file Images and channels of dy exchanged: the kernel of a weight gradient, whose channels are the images. */
import type { Value } from '../../graph/value.ts';
import { sizesOf, type Build } from '../../rules/build.ts';
import { reorderInput } from '../values.ts';
import { isFew } from './images-as-channels.ts';

/**
 * dy [N, O', H, W] in blocks -> [O', N bands, H / bands, W], N bands whole blocks or few. Read as pictures of [block] points with all
 * else as their channels, blocks of channels are what changes places with images, and the runtime's reordering does it.
 */
export function imagesOfKernel(build: Build, dy: Value, block: number, bands: number): Value {
  const [images, filters, height, width] = sizesOf(dy) as [number, number, number, number];
  if (isFew(images, block, bands)) return fewImages(build, dy, block);
  if (images % block !== 0) {
    const lines = build.reshape(dy, [images, filters / block, bands, (height / bands) * width * block]);
    const single = build.reshape(build.transpose(lines, [0, 2, 1, 3]), [
      images * bands,
      filters,
      height / bands,
      width,
    ]);
    return imagesOfKernel(build, single, block, 1);
  }
  const groups = images / block;
  const seen = build.reshape(dy, [groups, block, 1, filters * height * width]);
  const reordered = build.reshape(reorderInput(build, seen, true), [
    groups,
    filters / block,
    height * width * block ** 2,
  ]);
  return build.reshape(build.transpose(reordered, [1, 0, 2]), [filters, images * bands, height / bands, width]);
}

/** dy [N, O', H, W] in blocks -> [O', N, H, W], N less than a block */
function fewImages(build: Build, dy: Value, block: number): Value {
  const [images, filters, height, width] = sizesOf(dy) as [number, number, number, number];
  const seen = build.reshape(dy, [images, filters / block, height * width * block]);
  return build.reshape(build.transpose(seen, [1, 0, 2]), [filters, images, height, width]);
}
