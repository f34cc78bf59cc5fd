/** @file What is printed on the cloth, in other colours: figures, stripes, blocks, lines that look like lettering. */
import type { Random } from '@busana/engine';
import { hex, type Lch } from './colours.ts';
import type { Cut } from './cut.ts';

type Print = (cut: Cut, inks: readonly [Lch, Lch], random: Random) => string;

/** A print for the torso, to be clipped to it; small enough that the cloth stays the main colour. */
export function print(cut: Cut, inks: readonly [Lch, Lch], random: Random): string {
  const kind = random.pick<Print>([figure, figure, lettering, lettering, badge, stripes, chestBand, sun, yoke]);
  return kind(cut, inks, random);
}

function figure({ chest, top }: Cut, [ink, second]: readonly [Lch, Lch], random: Random): string {
  const size = chest * random.uniform(0.3, 0.52);
  const shape = random.pick([star, heart, mountain, leaf]);
  const y = top + 70 + size * 0.4;
  return `<g transform="translate(0 ${y}) scale(${size / 100})">${shape(hex(ink), hex(second))}</g>${random.chance(0.5) ? words(0, y + size * 1.05, size * 1.3, ink, random) : ''}`;
}

function star(ink: string, second: string): string {
  const points = Array.from({ length: 10 }, (_, i) => {
    const radius = i % 2 === 0 ? 95 : 42;
    const angle = (Math.PI * i) / 5 - Math.PI / 2;
    return `${radius * Math.cos(angle)},${radius * Math.sin(angle)}`;
  });
  return `<polygon points="${points.join(' ')}" fill="${ink}"/><circle r="26" fill="${second}"/>`;
}

function heart(ink: string, second: string): string {
  return `<path d="M0 88 C-120 0 -90 -90 -40 -86 C-15 -84 0 -66 0 -50 C0 -66 15 -84 40 -86 C90 -90 120 0 0 88 Z" fill="${ink}"/><path d="M-62 -28 q6 -28 30 -34" stroke="${second}" stroke-width="12" fill="none" stroke-linecap="round"/>`;
}

function mountain(ink: string, second: string): string {
  return `<circle cx="34" cy="-46" r="34" fill="${second}"/><path d="M-100 70 L-30 -60 L16 10 L40 -24 L100 70 Z" fill="${ink}"/>`;
}

function leaf(ink: string, second: string): string {
  return `<path d="M0 95 C-90 40 -70 -50 0 -98 C70 -50 90 40 0 95 Z" fill="${ink}"/><path d="M0 95 V-60 M0 40 L-40 6 M0 40 L40 6 M0 0 L-34 -30 M0 0 L34 -30" stroke="${second}" stroke-width="8" fill="none"/>`;
}

/** Bars of uneven width: what lettering is from a distance, without a font. */
function words(x: number, y: number, width: number, ink: Lch, random: Random): string {
  const bars: string[] = [];
  for (let left = x - width / 2; left < x + width / 2;) {
    const wide = random.uniform(4, 13);
    bars.push(`<rect x="${left}" y="${y + random.uniform(0, 2)}" width="${wide}" height="${random.uniform(9, 13)}"/>`);
    left += wide + random.uniform(2, 5);
  }
  return `<g fill="${hex(ink)}">${bars.join('')}</g>`;
}

function lettering({ chest, top }: Cut, [ink, second]: readonly [Lch, Lch], random: Random): string {
  const lines = random.integer(1, 3);
  return Array.from({ length: lines }, (_, line) =>
    words(0, top + 66 + 19 * line, chest * random.uniform(0.7, 1.15), line === 1 ? second : ink, random),
  ).join('');
}

function badge({ chest, top }: Cut, [ink, second]: readonly [Lch, Lch], random: Random): string {
  const size = random.uniform(8, 14);
  const x = chest * 0.42 * (random.chance(0.8) ? 1 : -1);
  return `<circle cx="${x}" cy="${top + 66}" r="${size}" fill="${hex(ink)}"/><circle cx="${x}" cy="${top + 66}" r="${size * 0.5}" fill="${hex(second)}"/>`;
}

function stripes({ top, bottom }: Cut, [ink]: readonly [Lch, Lch], random: Random): string {
  const pitch = random.uniform(24, 44);
  const height = pitch * random.uniform(0.14, 0.3);
  const bars: string[] = [];
  for (let y = top + 40; y < bottom; y += pitch)
    bars.push(`<path d="M-150 ${y} Q0 ${y + 8} 150 ${y} v${height} Q0 ${y + height + 8} -150 ${y + height} Z"/>`);
  return `<g fill="${hex(ink)}">${bars.join('')}</g>`;
}

function chestBand({ top }: Cut, [ink, second]: readonly [Lch, Lch], random: Random): string {
  const y = top + random.uniform(64, 86);
  const height = random.uniform(20, 38);
  return `<rect x="-160" y="${y}" width="320" height="${height}" fill="${hex(ink)}"/>${random.chance(0.5) ? `<rect x="-160" y="${y + height + 5}" width="320" height="6" fill="${hex(second)}"/>` : ''}`;
}

function sun({ chest, top }: Cut, [ink, second]: readonly [Lch, Lch], random: Random): string {
  const radius = chest * random.uniform(0.32, 0.46);
  const y = top + 84;
  const bars = [0.05, 0.32, 0.58].map(
    (share) =>
      `<rect x="${-radius}" y="${y + radius * share}" width="${2 * radius}" height="${radius * 0.11}" fill="${hex(second)}"/>`,
  );
  return `<circle cx="0" cy="${y}" r="${radius}" fill="${hex(ink)}"/>${bars.join('')}`;
}

/** The shoulders in another colour. */
function yoke({ top }: Cut, [ink]: readonly [Lch, Lch], random: Random): string {
  const y = top + random.uniform(36, 54);
  return `<path d="M-160 ${top - 30} H160 V${y} Q0 ${y + random.uniform(-10, 18)} -160 ${y} Z" fill="${hex(ink)}"/>`;
}
