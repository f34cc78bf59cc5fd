import type { Attribute, AttributeKind, AttributeValue } from '@busana/contracts';

/** A cell or alias as it is compared: without case, accents and spaces around or doubled. */
export function normaliseName(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
}

/** Class index of a cell by code, name in any language or alias; undefined when the attribute has no such value. */
export function resolveValue(attribute: Attribute, cell: string): number | undefined {
  const wanted = normaliseName(cell);
  const spellings = ({ code, names, aliases }: AttributeValue) => [code, ...Object.values(names), ...aliases];
  const byCode = attribute.values.findIndex(({ code }) => normaliseName(code) === wanted);
  const found =
    byCode >= 0
      ? byCode
      : attribute.values.findIndex((value) => spellings(value).some((name) => normaliseName(name) === wanted));
  return found < 0 ? undefined : found;
}

/** A value's name for people, in the language asked for, else in English, else its code. */
export function labelOf({ code, names }: AttributeValue, language = 'en'): string {
  return names[language] ?? names['en'] ?? Object.values(names)[0] ?? code;
}

const kindWords: readonly (readonly [AttributeKind, readonly string[]])[] = [
  ['colour', ['colour', 'color', 'warna', 'hue']],
  ['pattern', ['pattern', 'motif', 'print', 'corak']],
  ['shape', ['type', 'jenis', 'shape', 'bentuk', 'category', 'kategori', 'sleeve', 'lengan', 'fit', 'neck']],
];

/** What an attribute depends on, guessed from its column's name. */
export function guessKind(name: string): AttributeKind {
  const plain = normaliseName(name.replace(/([a-z])([A-Z])/g, '$1 $2'));
  return kindWords.find(([, words]) => words.some((word) => plain.includes(word)))?.[0] ?? 'other';
}
