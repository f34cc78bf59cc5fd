/** @file Every text is there in both languages, and says the same things. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { format } from '../src/i18n/messages.ts';

/** English, then Indonesian. */
const dictionary = z.record(z.string(), z.tuple([z.string(), z.string()]));
/** Whatever a dictionary exports, wherever it is. */
const modules = import.meta.glob<Record<string, unknown>>(['../src/**/messages.ts', '!../src/i18n/*'], { eager: true });
const dictionaries = Object.entries(modules).flatMap(([path, exported]) =>
  Object.entries(exported).map(([name, messages]) => ({
    name: `${path.replace('../src/', '')} ${name}`,
    messages: dictionary.parse(messages),
  })),
);

/** Names of the values, and the numbers that choose a form. */
function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)/g)].map(([, name]) => name!))].sort();
}

describe('dictionaries', () => {
  it('are found', () => expect(dictionaries.length).toBeGreaterThan(10));

  it.each(dictionaries)('$name', ({ messages }) => {
    for (const [key, [en, id]] of Object.entries(messages)) {
      expect(en.trim(), key).not.toBe('');
      expect(id.trim(), key).not.toBe('');
      expect(placeholders(id), key).toEqual(placeholders(en));
    }
  });
});

describe('format', () => {
  it('writes numbers as the language does, and chooses the form for a number', () => {
    const pieces = ['{count} {count:piece|pieces}', '{count} buah'] as const;
    expect(format(pieces, 'en', { count: 1 })).toBe('1 piece');
    expect(format(pieces, 'en', { count: 12_345 })).toBe('12,345 pieces');
    expect(format(pieces, 'id', { count: 12_345 })).toBe('12.345 buah');
  });

  it('puts words in as they are', () => {
    expect(format(['{who} was here', '{who} di sini'], 'id', { who: '$& {x}' })).toBe('$& {x} di sini');
  });
});
