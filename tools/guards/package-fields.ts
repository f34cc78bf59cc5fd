import { z } from 'zod';
import type { Finding, Guard, SourceFile } from './guard.ts';

const manifestSchema = z.looseObject({
  name: z.string(),
  version: z.string().optional(),
  description: z.string().optional(),
  license: z.string().optional(),
  type: z.string().optional(),
  engines: z.looseObject({ node: z.string() }).optional(),
  scripts: z.record(z.string(), z.string()).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
});
type Manifest = z.infer<typeof manifestSchema>;

/** Every package has the licence, engines and module type of the workspace, one version, and no scripts of its own. */
export const packageFields: Guard = {
  name: 'package fields',
  check: (files) => {
    const root = files.find(({ path }) => path === 'package.json');
    if (root === undefined) return [{ path: 'package.json', message: 'missing' }];
    const workspace = parse(root);
    const packages = files
      .filter(({ path }) => /^packages\/[^/]+\/package\.json$/.test(path))
      .map((file) => ({ path: file.path, manifest: parse(file) }));
    const version = packages[0]?.manifest.version;
    return packages.flatMap(({ path, manifest }) => differences(path, manifest, workspace, version));
  },
};

function parse({ text }: SourceFile): Manifest {
  return manifestSchema.parse(JSON.parse(text));
}

function differences(path: string, own: Manifest, workspace: Manifest, version: string | undefined): Finding[] {
  const wrong = (field: string, is: unknown, should: unknown): Finding[] =>
    is === should ? [] : [{ path, message: `${field} is ${JSON.stringify(is)}, should be ${JSON.stringify(should)}` }];
  const ours = Object.entries(own.dependencies ?? {}).filter(([name]) => name.startsWith('@busana/'));
  return [
    ...wrong('version', own.version, version),
    ...wrong('license', own.license, workspace.license),
    ...wrong('type', own.type, workspace.type),
    ...wrong('engines.node', own.engines?.node, workspace.engines?.node),
    // All scripts are run at the root, over all packages.
    ...wrong('scripts', own.scripts, undefined),
    ...(own.description === undefined ? [{ path, message: 'description is missing' }] : []),
    ...ours.flatMap(([name, range]) => wrong(`dependency ${name}`, range, version)),
  ];
}
