/**
 * @file Names that sellers give colours, in English and Indonesian. The centres are ours, chosen by eye on sRGB screens in
 * steps that the names tell apart; no colour is far from one (the suite checks how far).
 */
import { difference, type Lab } from './lab.ts';

export interface NamedColour {
  readonly en: string;
  readonly id: string;
  readonly lab: Lab;
  /** What else it goes by, the closest first, down to the basic colour it is a kind of. */
  readonly kindOf: readonly string[];
  /** What it is taken for where nobody asks for it: light greys are whites, dark ones blacks. Otherwise the nearest. */
  readonly orElse: string | undefined;
}

const table = `
black          | hitam              |   9   0   0 |                                  |
off-black      | hitam pudar        |  19  -1   0 | black                            |
charcoal       | abu-abu arang      |  30  -1   1 | dark grey, grey                  | black
dark grey      | abu-abu tua        |  42   0  -1 | grey                             | black
grey           | abu-abu            |  56   0  -1 |                                  | white
heather grey   | abu-abu misty      |  68   0  -1 | grey melange, light grey, grey   | white
light grey     | abu-abu muda       |  79   0  -1 | silver, grey                     | white
white          | putih              |  96   0   0 |                                  |
off-white      | putih tulang       |  91   1   5 | ivory, white                     |
cream          | krem               |  88   3  15 | beige                            |
beige          | beige              |  79   5  18 | cream, brown                     |
khaki          | khaki              |  66   3  24 | beige, brown                     |
tan            | cokelat muda       |  60  13  28 | brown                            |
brown          | cokelat            |  40  16  23 |                                  |
dark brown     | cokelat tua        |  25  10  13 | coffee brown, brown              |
olive          | hijau zaitun       |  43  -7  32 | green                            |
army green     | hijau army         |  33  -6  16 | olive, green                     |
bottle green   | hijau botol        |  26 -20   8 | dark green, green                |
green          | hijau              |  46 -40  28 |                                  |
lime           | hijau stabilo      |  83 -40  70 | fluorescent green, green         |
mint           | hijau mint         |  86 -20   7 | green                            |
sage           | hijau sage         |  64 -10  10 | green                            |
teal           | toska tua          |  42 -24 -10 | turquoise, green, blue           |
turquoise      | toska              |  70 -34 -10 | turquoise blue, blue, green      |
sky blue       | biru langit        |  72 -10 -26 | light blue, blue                 |
baby blue      | biru muda          |  83  -5 -14 | light blue, blue                 |
blue           | biru               |  44   8 -46 |                                  |
royal blue     | biru benhur        |  32  26 -58 | blue                             |
denim          | biru denim         |  40  -2 -22 | steel, blue                      |
steel blue     | biru baja          |  58  -4 -20 | steel, blue                      |
navy           | biru dongker       |  17   7 -23 | navy blue, blue                  |
dark navy      | biru dongker tua   |  24   1 -10 | navy, navy blue, blue            |
purple         | ungu               |  34  40 -44 |                                  |
lavender       | ungu muda          |  72  16 -22 | purple                           |
plum           | ungu tua           |  24  24 -16 | purple                           |
fuchsia        | fuchsia            |  50  72 -15 | magenta, pink                    |
pink           | merah muda         |  80  22   2 |                                  |
hot pink       | pink terang        |  62  58  -2 | pink                             |
dusty pink     | pink salem         |  68  17   9 | peach, mauve, pink               |
coral          | koral              |  65  44  30 | peach, orange, pink, red         |
red            | merah              |  45  66  40 |                                  |
crimson        | merah tua          |  36  54  24 | red                              |
maroon         | merah marun        |  24  36  13 | burgundy, red                    |
burgundy       | merah anggur       |  17  24   5 | maroon, red                      |
brick          | merah bata         |  42  36  27 | rust, red                        |
orange         | oranye             |  65  46  65 |                                  |
mustard        | kuning mustard     |  68  12  60 | yellow                           |
gold           | kuning emas        |  77   8  66 | yellow                           |
yellow         | kuning             |  89  -6  78 |                                  |
lemon          | kuning lemon       |  95 -12  52 | yellow                           |
pale yellow    | kuning muda        |  93  -5  30 | yellow                           |
`;

/** All of them. */
export function namedColours(): readonly NamedColour[] {
  return (colours ??= table.trim().split('\n').map(read));
}
let colours: readonly NamedColour[] | undefined;

function read(line: string): NamedColour {
  const [en, id, centre, kinds, orElse] = line.split('|').map((cell) => cell.trim()) as [
    string,
    string,
    string,
    string,
    string?,
  ];
  const [l, a, b] = centre.split(/\s+/).map(Number) as [number, number, number];
  return {
    en,
    id,
    lab: { l, a, b },
    kindOf: kinds === '' ? [] : kinds.split(', '),
    orElse: orElse === '' ? undefined : orElse,
  };
}

/** The name whose centre differs least (CIEDE2000). */
export function nameOf(colour: Lab): NamedColour {
  return nearest(colour, namedColours());
}

/** @param among not empty */
export function nearest<T extends { readonly lab: Lab }>(colour: Lab, among: readonly T[]): T {
  return among
    .map((candidate) => ({ candidate, apart: difference(colour, candidate.lab) }))
    .reduce((best, other) => (other.apart < best.apart ? other : best)).candidate;
}

/** `dark navy (biru dongker tua)` */
export function bothNames({ en, id }: Pick<NamedColour, 'en' | 'id'>): string {
  return en === id ? en : `${en} (${id})`;
}
