/** @file Staged packages into the archives that a registry takes. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { stagePackages } from './stage.ts';

const packedSchema = z.array(
  z.object({
    name: z.string(),
    version: z.string(),
    filename: z.string(),
    /** Bytes of the archive, and of what is in it. */
    size: z.number(),
    unpackedSize: z.number(),
    entryCount: z.number(),
  }),
);

export type Packed = z.infer<typeof packedSchema>[number] & { readonly file: string };

/** @param folder where the archives are written, made where missing */
export async function packAll(folder: string): Promise<Packed[]> {
  await mkdir(folder, { recursive: true });
  const staging = await mkdtemp(join(tmpdir(), 'busana-pack-'));
  try {
    const staged = await stagePackages(staging);
    const command = ['pack', '--json', '--pack-destination', resolve(folder), ...staged];
    const printed = execFileSync('npm', command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return packedSchema.parse(JSON.parse(printed)).map((one) => ({ ...one, file: resolve(folder, one.filename) }));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
