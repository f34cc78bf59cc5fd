/**
 * @file Why the model doubts, in the language of the page. The server says it in English sentences of a few forms, which
 * are put together anew from their parts; one of another form is shown as it came.
 */
import type { Taxonomy } from '@busana/contracts';
import { format, type Language, type Message } from '../i18n/messages.ts';
import { reasonMessages } from './messages.ts';
import { namesIn } from './names.ts';

/** How parts of a sentence are said in the language. */
interface Speaker {
  readonly title: (attribute: string) => string;
  /** Of a value that is called so in English. */
  readonly value: (name: string) => string;
  /** Of `dark navy (biru dongker tua)`. */
  readonly colour: (names: string) => string;
}

type Form = readonly [pattern: RegExp, message: Message, parts?: (found: string[], say: Speaker) => string[]];

const m = reasonMessages;
const forms: readonly Form[] = [
  [/^unlike all photos the model has learnt from/, m.strange],
  [/^unsure about (.+): (.+) (\d+) %$/, m.unsure, ([name, value, share], { title, value: of }) => [title(name!).toLowerCase(), of(value!), share!]], // prettier-ignore
  [/^predicted (.+), pixels say (.+)$/, m.objection, ([value, names], { value: of, colour }) => [of(value!), colour(names!)]], // prettier-ignore
  [/^(.+), which no value is called$/, m.nameless, ([names], { colour }) => [colour(names!)]],
  [/^(.+) lies between (.+) and (.+)$/, m.between, ([names, a, b], { value, colour }) => [colour(names!), value(a!), value(b!)]], // prettier-ignore
  [/^heather \(misty\)/, m.heather],
  [/^stripes of (.+) and (.+)$/, m.stripes, ([a, b], { colour }) => [colour(a!), colour(b!)]],
  [/^two garments or halves: (.+) on the left, (.+) on the right$/, m.halves, ([a, b], { value }) => [value(a!), value(b!)]], // prettier-ignore
  [/^several pictures in one$/, m.collage],
  [/^a banner or frame over the photo$/, m.banner],
  [/^lettering beside the garment$/, m.lettering],
  [/^the title says (.+), the photo (.+)$/, m.contradiction, ([said, photo], { value }) => [said!.split(', ').map(value).join(', '), value(photo!)]], // prettier-ignore
  [/^a banner decides: (\S+) (.+) falls from/, m.bannerDecides, ([name, value], { title, value: of }) => [title(name!).toLowerCase(), of(value!)]], // prettier-ignore
  [/^the background decides: (\S+) (.+) falls from/, m.groundDecides, ([name, value], { title, value: of }) => [title(name!).toLowerCase(), of(value!)]], // prettier-ignore
  [/^only (\d+) % of what speaks about (\S+) (.+) lies on the garment$/, m.beside, ([share]) => [share!]],
  [/^(\d+) drawn photos$/, m.drawn, ([count]) => [count!]],
  [/^(\d+) photos$/, m.photos, ([count]) => [count!]],
  [/^the same picture as product (\d+)$/, m.samePicture, ([id]) => [id!]],
];

/** A reason as the page says it. */
export function reasonIn(taxonomy: Taxonomy, language: Language): (reason: string) => string {
  const { title } = namesIn(taxonomy, language);
  const values = taxonomy.attributes.flatMap((attribute) => attribute.values);
  const say: Speaker = {
    title,
    value: (name) => values.find(({ names, code }) => (names['en'] ?? code) === name)?.names[language] ?? name,
    colour: (names) => /^(.+) \((.+)\)$/.exec(names)?.[language === 'en' ? 1 : 2] ?? names,
  };
  return (reason) => {
    for (const [pattern, message, parts = () => []] of forms) {
      const found = pattern.exec(reason);
      if (found === null) continue;
      const [a = '', b = '', c = ''] = parts(found.slice(1), say);
      return format(message, language, { a, b, c });
    }
    return reason;
  };
}

/** All reasons of a product stand in one text. */
export function reasonsOf(text: string): string[] {
  return text === '' ? [] : text.split('; ');
}
