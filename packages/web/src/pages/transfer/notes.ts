/** @file What is wrong with a row or a photo of an import, in the language of the page, from the parts that the server tells. */
import { errorTable, type ErrorCode, type ImportNote, type Taxonomy } from '@busana/contracts';
import { errorMeanings } from '../../common/errors/messages.ts';
import { namesIn } from '../../common/names.ts';
import { format, type Language, type Values } from '../../i18n/messages.ts';
import { fieldMessages, noteMessages, noteParts } from './messages.ts';

type NoteParts = ImportNote extends infer Note ? (Note extends ImportNote ? Omit<Note, 'file' | 'row'> : never) : never;

/** Values that a text lists. */
const LISTED = 20;

/** `stock.csv, row 3: …` */
export function noteIn(taxonomy: Taxonomy, language: Language): (note: ImportNote) => string {
  const { attribute, title, label } = namesIn(taxonomy, language);
  const part = (key: keyof typeof noteParts, values: Values): string => format(noteParts[key], language, values);
  const valuesOf = (name: string): string => {
    const codes = (attribute(name)?.values ?? []).map(({ code }) => label(name, code));
    const more = codes.length - LISTED;
    return [...codes.slice(0, LISTED), ...(more > 0 ? [part('more', { count: more })] : [])].join(', ');
  };
  const said = (note: NoteParts): Values => {
    if (note.code === 'label-unknown') return { ...note, values: valuesOf(note.attribute) };
    if (note.code === 'cell-contradicts') return { ...note, cell: format(fieldMessages[note.field], language) };
    if (note.code !== 'label-contradicts') return note;
    const code = (value: string | null): string => (value === null ? '' : label(note.attribute, value));
    return { cell: title(note.attribute).toLowerCase(), said: code(note.said), counts: code(note.counts), first: note.first }; // prettier-ignore
  };
  return ({ file, row, ...note }) => {
    const known = note.code === 'photo-refused' && isCode(note.error) ? errorMeanings[note.error] : undefined;
    const text = format(known ?? noteMessages[note.code], language, said(note));
    return file === null || row === null ? text : part('place', { file, row, text });
  };
}

/** Whether the server has more to say of it, in its own words: what has failed is not ours to know. */
export function hasDetails({ code }: ImportNote): boolean {
  return code === 'photo-refused' || code === 'given-up';
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}
