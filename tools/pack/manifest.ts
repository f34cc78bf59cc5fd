/** @file From the package.json of a clone, which names sources, to that of a published package, which names what they became. */
import { z } from 'zod';

const namesSchema = z.record(z.string(), z.string());

export const manifestSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  private: z.literal(true),
  exports: namesSchema.optional(),
  bin: namesSchema.optional(),
  files: z.array(z.string()).min(1),
  devDependencies: namesSchema.optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Sources of a package lie here, and what is made of them there. */
export const compiledFolders: Readonly<Record<string, string>> = { src: 'dist', build: 'build' };

export function publishedManifest({ private: _, devDependencies: __, exports, bin, ...rest }: Manifest): object {
  return {
    ...rest,
    ...(exports !== undefined && { exports: mapValues(exports, publishedExport) }),
    ...(bin !== undefined && { bin: mapValues(bin, () => 'dist/bin.js') }),
  };
}

/** `./src/index.ts` is `./dist/index.js` with its types. */
function publishedExport(source: string): object {
  const [, folder, path] = /^\.\/(\w+)\/(.+)\.ts$/.exec(source) ?? [];
  const target = compiledFolders[folder ?? ''];
  if (target === undefined || path === undefined) throw new Error(`no rule for the export '${source}'`);
  return { types: `./${target}/${path}.d.ts`, default: `./${target}/${path}.js` };
}

function mapValues<T>(record: Readonly<Record<string, string>>, map: (value: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
