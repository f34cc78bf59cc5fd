/** @file Where the photo is taken. Every function of a backdrop fills the 400 by 400 units around the origin. */
import type { Random } from '@busana/engine';
import { colourNames, hex, pickOther, pickShade, shift, type ColourName, type Lch } from './colours.ts';

/** A backdrop for a garment of the named colour, which no photographer would lay on cloth of the same colour. */
export function scene(name: ColourName, random: Random): string {
  const kind = random.uniform();
  if (kind < 0.3) return plain({ l: random.uniform(92, 100), c: random.uniform(0, 2), h: random.uniform(0, 360) });
  if (kind < 0.45) return plain(pastel(random));
  if (kind < 0.62) return studio(random);
  if (kind < 0.76) return wood(random);
  if (kind < 0.84) return tiles(random);
  if (kind < 0.94) return shop(random);
  return plain(pickOther(name, random));
}

function pastel(random: Random): Lch {
  return { l: random.uniform(70, 92), c: random.uniform(4, 26), h: random.uniform(0, 360) };
}

function rect(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"/>`;
}

function plain(colour: Lch): string {
  return rect(-200, -200, 400, 400, hex(colour));
}

/** A paper backdrop lit from one side, sometimes with a floor. */
function studio(random: Random): string {
  const colour = random.chance(0.5) ? pastel(random) : { l: random.uniform(35, 90), c: 2, h: 250 };
  const x = random.uniform(0.2, 0.8);
  const y = random.uniform(0.1, 0.6);
  const glow = `<radialGradient id="glow" cx="${x}" cy="${y}" r="0.9"><stop offset="0" stop-color="${hex(shift(colour, 9))}"/><stop offset="1" stop-color="${hex(shift(colour, -16))}"/></radialGradient>`;
  const floor = random.chance(0.4) ? rect(-200, random.uniform(110, 160), 400, 100, hex(shift(colour, -10))) : '';
  return `${glow}${rect(-200, -200, 400, 400, 'url(#glow)')}${floor}`;
}

/** Planks with grain, upright or lying. */
function wood(random: Random): string {
  const base = { l: random.uniform(38, 78), c: random.uniform(12, 32), h: random.uniform(58, 78) };
  const planks: string[] = [];
  const width = random.uniform(44, 80);
  for (let x = -300; x < 300; x += width) {
    const tone = shift(base, random.uniform(-6, 6));
    planks.push(rect(x, -300, width, 600, hex(tone)));
    for (let line = 0; line < 4; line += 1) {
      const at = x + random.uniform(4, width - 4);
      planks.push(
        `<path d="M${at} -300 q${random.uniform(-7, 7)} 150 0 300 t0 300" stroke="${hex(shift(tone, -7))}" stroke-width="${random.uniform(0.8, 2.2)}" fill="none"/>`,
      );
    }
    planks.push(rect(x - 1, -300, 2.4, 600, hex(shift(base, -22))));
  }
  return `<g transform="rotate(${random.pick([0, 90, 90]) + random.uniform(-6, 6)})">${planks.join('')}</g>`;
}

/** A tiled floor, seen from above. */
function tiles(random: Random): string {
  const colour = { l: random.uniform(50, 88), c: random.uniform(0, 10), h: random.uniform(60, 260) };
  const size = random.uniform(70, 140);
  const grid: string[] = [];
  for (let at = -300; at < 300; at += size) grid.push(`M${at} -300 V300 M-300 ${at} H300`);
  return `${plain(colour)}<path d="${grid.join('')}" stroke="${hex(shift(colour, -24))}" stroke-width="3" transform="rotate(${random.uniform(0, 45)})"/>`;
}

/** The wall of a shop: shelves with folded and hanging clothes in every colour, out of focus. */
function shop(random: Random): string {
  const wall = { l: random.uniform(30, 85), c: random.uniform(2, 14), h: random.uniform(40, 90) };
  const things: string[] = [];
  for (let y = -190; y < 200; y += 96) {
    things.push(rect(-200, y + 76, 400, 9, hex(shift(wall, -18))));
    for (let x = -200; x < 200;) {
      const width = random.uniform(8, 34);
      const height = random.uniform(36, 74);
      things.push(rect(x, y + 76 - height, width, height, hex(pickShade(random.pick(colourNames), random))));
      x += width + random.uniform(0, 8);
    }
  }
  return `${plain(wall)}<filter id="distance" color-interpolation-filters="sRGB"><feGaussianBlur stdDeviation="3.5"/></filter><g filter="url(#distance)">${things.join('')}</g>`;
}

/** What a seller lays over the photo: a frame, a strip with bars for words, a price tag. */
export function banner(random: Random): string {
  const colour = hex(random.chance(0.6) ? pickShade(random.pick(colourNames), random) : pastel(random));
  const bars = (x: number, y: number, count: number) =>
    Array.from({ length: count }, (_, i) => rect(x + i * 22, y, random.uniform(9, 19), 8, '#fff')).join('');
  const kind = random.uniform();
  if (kind < 0.3) {
    const width = random.uniform(8, 20);
    return `<rect x="${-200 + width / 2}" y="${-200 + width / 2}" width="${400 - width}" height="${400 - width}" fill="none" stroke="${colour}" stroke-width="${width}"/>`;
  }
  if (kind < 0.7) {
    const y = random.chance(0.6) ? 162 : -200;
    return `${rect(-200, y, 400, 38, colour)}${bars(-180, y + 15, random.integer(4, 15))}`;
  }
  const x = random.pick([-148, 148]);
  const y = random.pick([-148, 148]);
  return `<circle cx="${x}" cy="${y}" r="38" fill="${colour}"/>${bars(x - 24, y - 8, 2)}${bars(x - 18, y + 6, 2)}`;
}
