/** @file What the camera adds: exposure, colour cast, vignette, grain. */
import type { Random } from '@busana/engine';
import type { Picture } from '../image/picture.ts';

/** The picture as a camera in ordinary hands would have taken it; changes `picture.data` in place. */
export function expose({ width, height, data }: Picture, random: Random): void {
  const exposure = random.uniform(0.86, 1.1);
  const warmth = random.uniform(-0.055, 0.055);
  const gains = [exposure * (1 + warmth), exposure, exposure * (1 - warmth)] as const;
  const vignette = random.chance(0.4) ? random.uniform(0.05, 0.25) : 0;
  const tilt = random.uniform(-0.08, 0.08);
  const grain = Array.from({ length: 1024 }, () => random.normal(0, 1));
  const strength = random.uniform(0, 5);
  for (let y = 0; y < height; y += 1) {
    const down = (2 * y) / height - 1;
    for (let x = 0; x < width; x += 1) {
      const across = (2 * x) / width - 1;
      const light = 1 - vignette * (across * across + down * down) * 0.5 + tilt * across;
      const speck = strength * grain[Math.floor(random.uniform(0, grain.length))]!;
      const offset = (y * width + x) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        const value = data[offset + channel]! * gains[channel]! * light + speck;
        data[offset + channel] = Math.min(255, Math.max(0, value));
      }
    }
  }
}
