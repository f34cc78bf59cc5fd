/** @file Texts of the pages in every language, and how numbers get into them. */

export const languages = ['en', 'id'] as const;
export type Language = (typeof languages)[number];

/** English, then Indonesian: neither can be left out. */
export type Message = readonly [en: string, id: string];
export type Messages = Readonly<Record<string, Message>>;
export type Values = Readonly<Record<string, string | number>>;

/** The texts of one page, or of one part of the shell. */
export function defineMessages<const M extends Messages>(messages: M): M {
  return messages;
}

/**
 * A text with `{name}` replaced by its value, and `{name:one|other}` by the form for that number; numbers are written
 * as the language does.
 */
export function format(message: Message, language: Language, values: Values = {}): string {
  return message[languages.indexOf(language)]!.replaceAll(
    /\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g,
    (_, name: string, one?: string, other?: string) => {
      const value = values[name] ?? '';
      if (one !== undefined) return (value === 1 ? one : other) ?? '';
      return typeof value === 'number' ? value.toLocaleString(language) : value;
    },
  );
}
