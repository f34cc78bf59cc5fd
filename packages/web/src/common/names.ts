/** @file What attributes and their values are called in a language. */
import type { Attribute, Taxonomy } from '@busana/contracts';
import type { Language } from '../i18n/messages.ts';

export type Labels = Readonly<Record<string, string>>;

export function namesIn({ attributes }: Taxonomy, language: Language) {
  const attribute = (name: string): Attribute | undefined => attributes.find((one) => one.name === name);
  const title = (name: string): string => capitalised(inLanguage(attribute(name)?.titles, language) ?? name);
  const label = (name: string, code: string): string => {
    const value = attribute(name)?.values.find((one) => one.code === code);
    return inLanguage(value?.names, language) ?? code;
  };
  /** `red T-shirt`, but `kaos merah`: in English the colour stands before the thing. */
  const phrase = (labels: Labels): string => {
    const colours = ({ kind }: Attribute): number => (kind === 'colour' ? 0 : 1);
    const ordered = language === 'en' ? attributes.toSorted((a, b) => colours(a) - colours(b)) : attributes;
    const words = ordered.flatMap(({ name }) => (labels[name] === undefined ? [] : [label(name, labels[name])]));
    return capitalised(words.join(' '));
  };
  return { attributes, attribute, title, label, phrase };
}

/** A colour to show beside the name of a value: what a browser knows by its English name. */
export function swatch(attribute: Attribute | undefined, code: string): string | undefined {
  if (attribute?.kind !== 'colour') return undefined;
  const name = attribute.values
    .find((value) => value.code === code)
    ?.names['en']?.toLowerCase()
    .replaceAll(' ', '');
  return name !== undefined && CSS.supports('color', name) ? name : undefined;
}

function inLanguage(names: Labels | undefined, language: Language): string | undefined {
  return names?.[language] ?? names?.['en'] ?? Object.values(names ?? {})[0];
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
