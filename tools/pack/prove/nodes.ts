/** @file The Node.js versions that packages have to work on: the oldest they say they do, and the newest there is. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const manifestSchema = z.object({ engines: z.object({ node: z.string().regex(/^>=\d+\.\d+\.\d+$/) }) });

export interface NodeVersion {
  readonly version: string;
  /** Folder of the binary, to be first in PATH. */
  readonly bin: string;
}

/** Installs both from the registry, where Node.js is a package for each platform. @param into an empty folder */
export function installNodes(into: string): NodeVersion[] {
  const root = resolve(import.meta.dirname, '../../..');
  const { engines } = manifestSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return [engines.node.slice(2), 'latest'].map((wanted) => {
    const prefix = join(into, wanted);
    const name = `node-${process.platform}-${process.arch}`;
    execFileSync('npm', ['install', '--prefix', prefix, `${name}@${wanted}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const bin = join(prefix, 'node_modules', name, 'bin');
    return { version: execFileSync(join(bin, 'node'), ['--version'], { encoding: 'utf8' }).trim(), bin };
  });
}
