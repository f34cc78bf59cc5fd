import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { compileText } from './compile.ts';
import { modules } from './modules.ts';

it.each(modules)('$source is what its module was compiled from', async ({ source, target }) => {
  const compiled = await compileText(source.pathname, await readFile(source, 'utf8'));
  expect(Buffer.from(compiled).equals(await readFile(target))).toBe(true);
});

it('names the line of a mistake', async () => {
  await expect(compileText('some.wat', '(module\n  (func (local.get $nothing)))')).rejects.toThrow(/some\.wat:2/);
});
