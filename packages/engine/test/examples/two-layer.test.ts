import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const example = fileURLToPath(new URL('../../examples/two-layer.ts', import.meta.url));

it('the example with two layers runs as the README shows it and learns', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', example]);
  expect(stderr).toBe('');
  const losses = [...stdout.matchAll(/loss ([\d.]+)/g)].map(([, loss]) => Number(loss));
  expect(losses).toHaveLength(3);
  expect(losses[2]).toBeLessThan(0.02);
});

it('the README shows the example as it is, in 30 lines', async () => {
  const source = await readFile(example, 'utf8');
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(source);
  expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(30);
});
