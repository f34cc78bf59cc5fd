import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dependencies-'));
  write('tsconfig.json', '{}');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** Names of the rules that the modules in the folder break. */
function broken(): string[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      ...['--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'err', 'packages'],
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  expect(stderr).not.toContain('ERROR');
  return [...stdout.matchAll(/^\s+error ([\w-]+):/gm)].map((match) => match[1]!);
}

it('passes dependencies that point one way', () => {
  write('packages/engine/src/index.ts', 'export const a = 1;');
  write('packages/vision/src/index.ts', "export { a } from '../../engine/src/index.ts';");
  expect(broken()).toEqual([]);
});

it('finds every dependency that points the wrong way', () => {
  for (const name of ['contracts', 'engine', 'vision', 'cli', 'server', 'web'])
    write(`packages/${name}/src/index.ts`, 'export const a = 1;');
  const wrong = {
    engine: ['vision', 'contracts'],
    contracts: ['engine', 'cli'],
    vision: ['cli'],
    cli: ['engine'],
    web: ['server'],
  };
  for (const [from, targets] of Object.entries(wrong)) {
    for (const to of targets)
      write(`packages/${from}/src/on-${to}.ts`, `export { a } from '../../${to}/src/index.ts';`);
  }
  const found = broken();
  const times = (rule: string) => found.filter((name) => name === rule).length;
  expect(times('engine-alone')).toBe(2);
  expect(times('contracts-alone')).toBe(2);
  expect(times('vision-on-engine')).toBe(1);
  expect(times('cli-on-server')).toBe(1);
  expect(times('web-on-contracts')).toBe(1);
  expect(found).toHaveLength(7);
});

it('finds a circle, a reach into a package, and source that needs a test', () => {
  write('packages/vision/src/a.ts', "import { b } from './b.ts';\nexport const a = () => b;");
  write('packages/vision/src/b.ts', "import { a } from './a.ts';\nexport const b = () => a;");
  write('packages/engine/src/inner.ts', 'export const inner = 1;');
  write('packages/vision/src/reach.ts', "export { inner } from '../../engine/src/inner.ts';");
  write('packages/vision/test/support.ts', 'export const support = 1;');
  write('packages/vision/src/testing.ts', "export { support } from '../test/support.ts';");
  expect(new Set(broken())).toEqual(new Set(['no-cycles', 'no-deep-imports', 'source-without-tests']));
});

it('finds a page that needs Node.js', () => {
  write('packages/web/src/page.tsx', "import { readFile } from 'node:fs/promises';\nexport const a = readFile;");
  expect(broken()).toEqual(['web-in-a-browser']);
});

it('finds a second module that talks to the runtime', () => {
  write('node_modules/onnxruntime-node/package.json', '{"name":"onnxruntime-node","main":"index.js"}');
  write('node_modules/onnxruntime-node/index.js', '');
  const line = "import * as runtime from 'onnxruntime-node';\nexport const a = runtime;";
  write('packages/engine/src/runtime/session.ts', line);
  expect(broken()).not.toContain('one-runtime');
  write('packages/vision/src/session.ts', line);
  expect(broken()).toContain('one-runtime');
});
