/**
 * @file What a search says: `kaos merah`, `red t-shirt` and `hodie hitam` are labels of the catalogue, in any language
 * of its schema and with a letter wrong; whatever else is said are words for titles.
 */
import type { Attribute, Taxonomy } from '@busana/contracts';
import { normaliseName, spellings } from '@busana/vision';

export interface Understood {
  /** Codes by attribute. */
  readonly labels: Record<string, string[]>;
  /** What no attribute has a name for. */
  readonly words: string[];
}

interface Name {
  readonly words: string[];
  readonly attribute: string;
  readonly code: string;
}

/** Shorter words differ from others by a letter too often: `red` is not `reed`, `tas` not `tees`. */
const SHORTEST_WITH_A_MISTAKE = 5;

/**
 * The longest names first: `jaket hoodie` before `hoodie`.
 * @param known words of titles: `kucing` is then a cat, and not `kuning`, yellow, with a letter wrong
 */
export function understand(
  query: string,
  { attributes }: Taxonomy,
  known: ReadonlySet<string> = new Set(),
): Understood {
  const names = attributes.flatMap(namesOf).toSorted((a, b) => b.words.length - a.words.length);
  const said = saidWords(query);
  const labels: Record<string, string[]> = {};
  const words: string[] = [];
  for (let at = 0; at < said.length;) {
    const found =
      names.find((name) => isSaid(name, said, at, same)) ??
      names.find((name) => isSaid(name, said, at, (part, word) => !known.has(word) && close(part, word)));
    if (found === undefined) {
      words.push(said[at]!);
      at += 1;
    } else {
      const codes = (labels[found.attribute] ??= []);
      if (!codes.includes(found.code)) codes.push(found.code);
      at += found.words.length;
    }
  }
  return { labels, words };
}

/** Words of a search that are nearly a name: those that it matters for whether they stand in titles. */
export function doubtfulWords(query: string, { attributes }: Taxonomy): string[] {
  const parts = attributes.flatMap(namesOf).flatMap(({ words }) => words);
  return saidWords(query).filter((word) => parts.some((part) => part !== word && close(part, word)));
}

/** The words of a search, as they are compared. */
export function saidWords(query: string): string[] {
  return normaliseName(query.replaceAll(/[\p{Cc},;.!?"()]+/gu, ' '))
    .split(' ')
    .filter((word) => word !== '');
}

function namesOf({ name: attribute, values }: Attribute): Name[] {
  return values.flatMap((value) =>
    spellings(value).flatMap((spelling) => {
      const words = normaliseName(spelling).split(' ');
      // `t-shirt` is also said `tshirt`.
      const forms = words.length > 1 ? [words, [words.join('')]] : [words];
      return forms.map((form) => ({ words: form, attribute, code: value.code }));
    }),
  );
}

function isSaid(
  { words }: Name,
  said: readonly string[],
  at: number,
  equal: (a: string, b: string) => boolean,
): boolean {
  return at + words.length <= said.length && words.every((word, index) => equal(word, said[at + index]!));
}

function same(name: string, said: string): boolean {
  return name === said || (said.endsWith('s') && name === said.slice(0, -1));
}

/** One letter too many, missing, wrong, or two exchanged (Damerau, CACM 7(3), 1964). */
function close(name: string, said: string): boolean {
  if (Math.min(name.length, said.length) < SHORTEST_WITH_A_MISTAKE - 1 || name.length < SHORTEST_WITH_A_MISTAKE)
    return false;
  let start = 0;
  while (start < name.length && name[start] === said[start]) start += 1;
  const [a, b] = [name.slice(start), said.slice(start)];
  return (
    a.slice(1) === b ||
    a === b.slice(1) ||
    a.slice(1) === b.slice(1) ||
    (a.slice(2) === b.slice(2) && a[0] === b[1] && a[1] === b[0])
  );
}
