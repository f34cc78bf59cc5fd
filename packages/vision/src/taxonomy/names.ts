import type { Attribute, AttributeKind, AttributeValue } from '@busana/contracts';

/** A name as it is compared: without case and accents; a space for any run of spaces, `_`, and hyphens in words. */
export function normaliseName(text: string): string {
  return (
    text
      .normalize('NFKD')
      // Accents alone: in other scripts, marks are vowels.
      .replace(/[\u0300-\u036f]/g, '')
      .toLowerCase()
      // The hyphen of a number is its sign.
      .replace(/(?<=\p{L}) *- *(?=\p{L})|[\s_]+/gu, ' ')
      .trim()
  );
}

/** Ways to compare, the strictest first: a code `1.0` is found as such before it is taken for the code `1`. */
const readings: readonly ((text: string) => string)[] = [
  (text) => text.trim(),
  normaliseName,
  (text) => normaliseName(text).replaceAll(' ', ''),
  (text) => (/^\s*[+-]?\d+(\.\d+)?\s*$/.test(text) ? String(Number(text)) : normaliseName(text)),
];

/**
 * Class index of a cell by code, name in any language or alias, regardless of case, accents and spaces; numbers by
 * their value. Undefined when the attribute has no such value.
 */
export function resolveValue(attribute: Attribute, cell: string): number | undefined {
  for (const read of readings) {
    const wanted = read(cell);
    const byCode = attribute.values.findIndex(({ code }) => read(code) === wanted);
    if (byCode >= 0) return byCode;
    const byName = attribute.values.findIndex((value) => spellings(value).some((name) => read(name) === wanted));
    if (byName >= 0) return byName;
  }
  return undefined;
}

/** Every way to write a value besides its code. */
export function spellings({ names, aliases }: AttributeValue): string[] {
  return [...Object.values(names), ...aliases];
}

/** A value's name for people, in the language asked for, else in English, else its code. */
export function labelOf({ code, names }: AttributeValue, language = 'en'): string {
  return names[language] ?? names['en'] ?? Object.values(names)[0] ?? code;
}

const kindWords: readonly (readonly [AttributeKind, readonly string[]])[] = [
  ['colour', ['colour', 'color', 'warna', 'hue']],
  ['pattern', ['pattern', 'motif', 'print', 'corak', 'texture', 'tekstur']],
  ['shape', ['type', 'jenis', 'shape', 'bentuk', 'category', 'kategori', 'sleeve', 'lengan', 'fit', 'neck', 'kerah']],
];

/** What an attribute depends on, guessed from its column's name in English or Indonesian. */
export function guessKind(name: string): AttributeKind {
  const plain = normaliseName(name.replace(/([a-z])([A-Z])/g, '$1 $2'));
  return kindWords.find(([, words]) => words.some((word) => plain.includes(word)))?.[0] ?? 'other';
}
