import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

/** Pixels per CSS pixel. */
const SCALE = 2;
const FILES = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'];

let fonts: Promise<void> | undefined;

/**
 * Gives the SVG renderer the font of the charts, so that text looks the same everywhere and appears at all on machines
 * without fonts. Must have run before the first SVG with text is rendered in a process; later calls do nothing.
 */
function provideFonts(): Promise<void> {
  fonts ??= loadFonts();
  return fonts;
}

async function loadFonts(): Promise<void> {
  // Without its configuration file the font library complains on stderr. It is read when text is first drawn.
  if (process.platform === 'linux' && !process.env['FONTCONFIG_FILE'] && !existsSync('/etc/fonts/fonts.conf')) {
    process.env['FONTCONFIG_FILE'] = fileURLToPath(new URL('fonts.conf', import.meta.url));
  }
  const { resolve } = createRequire(import.meta.url);
  for (const file of FILES) {
    // Drawing one letter from a font file makes the font known to the whole process.
    const fontfile = resolve(`@expo-google-fonts/inter/${file}`);
    await sharp({ text: { text: 'a', font: 'Inter', fontfile } })
      .raw()
      .toBuffer();
  }
}

/** Draws an SVG as PNG, twice its size for sharp screens, in light colours. */
export async function renderPng(svg: string): Promise<Buffer> {
  await provideFonts();
  return (
    sharp(Buffer.from(svg), { density: 72 * SCALE })
      // The last tenth of size costs half of the time.
      .png({ compressionLevel: 6, palette: true, effort: 1 })
      .toBuffer()
  );
}
