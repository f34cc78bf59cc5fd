/** @file Attributes that several sources have under one name, as one; values are the same by name, alias or code. */
import { BusanaError, type Attribute, type AttributeValue } from '@busana/contracts';
import { normaliseName, resolveValue, spellings } from '../taxonomy/names.ts';

/**
 * The attributes in the order they appear; further values of one come after those it has.
 * @param file what the sources stand in, for errors
 * @throws BusanaError DATA_INVALID when a code means two values that have names of their own
 */
export function mergeAttributes(lists: readonly (readonly Attribute[])[], file: string): Attribute[] {
  const merged = new Map<string, Attribute>();
  for (const attribute of lists.flat()) {
    const known = merged.get(attribute.name);
    merged.set(attribute.name, known === undefined ? attribute : joined(known, attribute, file));
  }
  return [...merged.values()];
}

/**
 * Class index of a value of another source. Names go before codes: what one source calls 0 is not what another does.
 * @throws BusanaError DATA_INVALID when only the codes are the same
 */
export function sameValue(attribute: Attribute, value: AttributeValue, file: string): number | undefined {
  const names = spellings(value);
  const named = Object.keys(value.names).length > 0;
  for (const spelling of named ? [...names, value.code] : [value.code, ...names]) {
    const index = resolveValue(attribute, spelling);
    if (index === undefined) continue;
    if (named && spelling === value.code) expectOneMeaning(attribute, attribute.values[index]!, value, file);
    return index;
  }
  return undefined;
}

function expectOneMeaning({ name }: Attribute, known: AttributeValue, value: AttributeValue, file: string): void {
  const language = Object.keys(known.names).find((key) => value.names[key] !== undefined);
  if (language === undefined) return;
  const [first, second] = [known.names[language]!, value.names[language]!];
  if (normaliseName(first) === normaliseName(second)) return;
  throw new BusanaError(
    'DATA_INVALID',
    `${file}: the code ${value.code} of ${name} means ${first} in one source and ${second} in another`,
    {
      remedy: 'Give the values codes of their own in the attributes.yaml of a source, or rename one of the attributes.',
    },
  );
}

function joined(known: Attribute, other: Attribute, file: string): Attribute {
  let result: Attribute = {
    ...known,
    titles: { ...other.titles, ...known.titles },
    kind: known.kind === 'other' ? other.kind : known.kind,
  };
  for (const value of other.values) {
    const index = sameValue(result, value, file);
    const values =
      index === undefined ? [...result.values, value] : result.values.with(index, both(result, index, value));
    result = { ...result, values };
  }
  return result;
}

/** A value with the names and writings of another, save those that mean a further value. */
function both(attribute: Attribute, index: number, value: AttributeValue): AttributeValue {
  const known = attribute.values[index]!;
  const isFree = (text: string): boolean => (resolveValue(attribute, text) ?? index) === index;
  const names = {
    ...Object.fromEntries(Object.entries(value.names).filter(([, name]) => isFree(name))),
    ...known.names,
  };
  const told = [known.code, ...Object.values(names)];
  // A number means something in its own table alone.
  const added = [value.code, ...spellings(value)].filter(
    (text) => isFree(text) && !told.includes(text) && Number.isNaN(Number(text)),
  );
  return { ...known, names, aliases: [...new Set([...known.aliases, ...added])] };
}
