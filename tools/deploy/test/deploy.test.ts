/** @file What deploy/ says of the product is so: commands and flags, metrics, ports and paths. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { memorySettings } from '../../load/server.ts';

const root = resolve(import.meta.dirname, '../../..');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const below = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

const deployed = below('deploy').map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const manifests = deployed.filter(({ path }) => /compose\.yaml$|kubernetes\/.*\.yaml$/.test(path));

/** Every list of words in a document. */
function lists(value: unknown): string[][] {
  if (Array.isArray(value)) {
    const words = z.array(z.string()).safeParse(value);
    return words.success ? [words.data] : value.flatMap(lists);
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(lists) : [];
}

/** Command lines: those of the image begin with the command, those of probes with `busana`. */
function commandLines(): string[][] {
  const documents = manifests.flatMap(({ text }) => parseAllDocuments(text).map((one) => one.toJS({ maxAliasCount: -1 }) as unknown)); // prettier-ignore
  const image = [/^CMD (\[.*\])$/m.exec(textOf('deploy/Containerfile'))?.[1] ?? '[]'].map((text) => z.array(z.string()).parse(JSON.parse(text))); // prettier-ignore
  const found = [...image, ...documents.flatMap(lists)].map((words) => words.filter((word) => word !== 'CMD'));
  return found.map((words) => (words[0] === 'busana' ? words.slice(1) : words)).filter(([name = '']) => /^(serve|worker)$/.test(name)); // prettier-ignore
}

it('names flags that commands have', () => {
  const lines = commandLines();
  expect(lines.filter(([name]) => name === 'serve')).toHaveLength(3);
  expect(lines.filter(([name]) => name === 'worker').length).toBeGreaterThanOrEqual(5);
  for (const name of ['serve', 'worker']) {
    const help = execFileSync(process.execPath, [join(root, 'packages/cli/bin/busana.js'), name, '--help'], { encoding: 'utf8' }); // prettier-ignore
    const known = new Set(help.match(/--[a-z-]+/g));
    const given = lines.filter(([first]) => first === name).flatMap((words) => words.filter((word) => word.startsWith('--'))); // prettier-ignore
    expect(given.map((word) => word.split('=')[0]!).filter((flag) => !known.has(flag))).toEqual([]);
  }
});

it('asks for metrics that servers have', () => {
  const sources = below('packages/server/src').map((path) => readFileSync(path, 'utf8')).join('\n'); // prettier-ignore
  const known = new Set([...sources.matchAll(/name: '(busana_\w+)'/g)].map(([, name]) => name));
  const asked = deployed
    .filter(({ path }) => /alerts.*\.yml$|dashboards.*\.json$|autoscaling\.yaml$/.test(path))
    .flatMap(({ text }) => text.match(/\bbusana_\w+/g) ?? [])
    .map((name) => name.replace(/_(bucket|sum|count)$/, ''));
  expect(known.size).toBeGreaterThan(5);
  expect([...new Set(asked)].filter((name) => !known.has(name))).toEqual([]);
});

it('asks paths that are open, on the port that is the default', () => {
  const app = textOf('packages/server/src/http/app.ts');
  const paths = deployed.flatMap(({ text }) => text.match(/\/(healthz|readyz)\b/g) ?? []);
  expect(new Set(paths)).toEqual(new Set(['/healthz', '/readyz']));
  for (const path of new Set(paths)) expect(app).toMatch(new RegExp(`'${path}', \\{ config: \\{ role: 'open' \\}`));
  expect(textOf('packages/cli/src/commands/serve.ts')).toContain("'3000'");
  expect(textOf('deploy/Containerfile')).toContain('EXPOSE 3000');
});

it('sets for the C library what servers are measured with', () => {
  const settings = memorySettings(textOf('deploy/Containerfile'));
  expect(settings).toEqual({ MALLOC_ARENA_MAX: '2' });
});
