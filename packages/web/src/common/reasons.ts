/** @file Why the model doubts, in the language of the page, put together from the parts that the server tells. */
import type { Reason, Taxonomy } from '@busana/contracts';
import { format, type Language, type Values } from '../i18n/messages.ts';
import { reasonMessages } from './messages.ts';
import { namesIn } from './names.ts';

/** A reason as the page says it. */
export function reasonIn(taxonomy: Taxonomy, language: Language): (reason: Reason) => string {
  const { title, label } = namesIn(taxonomy, language);
  const valuesOf = (reason: Reason): Values => {
    const of = (code: string): string => ('attribute' in reason ? label(reason.attribute, code) : code);
    const pair = ([first, second]: readonly [string, string]) => ({ first, second });
    return {
      ...('attribute' in reason && { attribute: title(reason.attribute).toLowerCase() }),
      ...('value' in reason && { value: of(reason.value) }),
      ...('said' in reason && { said: reason.said.map(of).join(', ') }),
      ...('colour' in reason && { colour: reason.colour[language] }),
      ...('values' in reason && pair([of(reason.values[0]), of(reason.values[1])])),
      ...('colours' in reason && pair([reason.colours[0][language], reason.colours[1][language]])),
      ...('confidence' in reason && { share: Math.round(100 * reason.confidence) }),
      ...('share' in reason && { share: Math.round(100 * reason.share) }),
    };
  };
  return (reason) => format(reasonMessages[reason.code], language, valuesOf(reason));
}

/** What was kept before reasons had parts is told in the words of then. */
export function sayReasons(
  say: (reason: Reason) => string,
  { doubts, reasons }: { readonly doubts: readonly Reason[]; readonly reasons: readonly string[] },
): readonly string[] {
  return doubts.length > 0 ? doubts.map(say) : reasons;
}
