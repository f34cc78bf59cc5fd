import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorTable, trainingConfigSchema } from '../src/index.ts';

/** Cells of the first table of a page of the reference, code marks removed, without the header. */
function table(page: string): string[][] {
  const text = readFileSync(new URL(`../../../docs/reference/${page}`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim().replaceAll('`', '')));
}

describe('the reference', () => {
  it('has the table of errors, line by line', () => {
    const rows = Object.entries(errorTable).map(([code, { meaning, remedy, exitCode, status }]) =>
      [code, meaning, remedy, exitCode, status].map(String),
    );
    expect(table('errors.md')).toEqual(rows);
  });

  it('has every setting of a training with its default', () => {
    const defaults = Object.entries(trainingConfigSchema.parse({}));
    expect(table('settings.md').map(([setting, value]) => [setting, value])).toEqual(
      defaults.map(([setting, value]) => [setting, String(value)]),
    );
  });
});
