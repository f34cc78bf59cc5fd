/** @file A failure in words. */
import { errorTable, type ErrorCode } from '@busana/contracts';
import { ApiError } from '../../api/client.ts';
import { format, type Language } from '../../i18n/messages.ts';
import { failureMessages } from '../messages.ts';
import { errorMeanings, errorRemedies } from './messages.ts';

export interface FailureText {
  readonly title: string;
  /** Empty where nothing is known to help. */
  readonly remedy: string;
  /** What the server says, in its own words. */
  readonly details: readonly string[];
}

export function describeFailure(error: unknown, language: Language): FailureText {
  const message = error instanceof Error ? error.message : String(error);
  const say = (key: keyof typeof failureMessages): string => format(failureMessages[key], language);
  if (!(error instanceof ApiError)) return { title: say('title'), remedy: '', details: [message] };
  const { code, remedy } = error;
  if (code === 'UNREACHABLE') return { title: say('unreachable'), remedy: say('unreachableRemedy'), details: [] };
  if (code === 'ANSWER_INVALID') return { title: say('invalid'), remedy: say('invalidRemedy'), details: [message] };
  // A later server may have codes that this page does not know.
  if (!isCode(code)) return { title: say('title'), remedy, details: [message] };
  // What the place that has failed knows better than the table.
  const own = remedy === errorTable[code].remedy ? [] : [remedy];
  return {
    title: format(errorMeanings[code], language),
    remedy: format(errorRemedies[code], language),
    details: [message, ...own].filter((text) => text !== ''),
  };
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}
