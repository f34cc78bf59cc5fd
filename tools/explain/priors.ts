import { Random } from '@busana/engine';
import { enlargeMap } from '../../packages/vision/src/explain/maps.ts';

/** Squares along the side of a picture that `random regions` are drawn for: as many as Grad-CAM's map has. */
const REGIONS = 7;

/** Orders of pixels that know nothing of the model: `[size, size]`, the larger the sooner, by the name of the photo. */
export function priorsOf(size: number): Readonly<Record<string, (photo: string) => Float32Array>> {
  return {
    'random pixels': (photo) => {
      const random = Random.of('pixels', photo);
      return Float32Array.from({ length: size * size }, () => random.uniform());
    },
    'random regions': (photo) => {
      const random = Random.of('regions', photo);
      const values = Float64Array.from({ length: REGIONS ** 2 }, () => random.uniform());
      return enlargeMap({ height: REGIONS, width: REGIONS, values }, size);
    },
    centre: () =>
      Float32Array.from({ length: size * size }, (_, at) => {
        return -Math.hypot(Math.floor(at / size) - size / 2 + 0.5, (at % size) - size / 2 + 0.5);
      }),
  };
}
