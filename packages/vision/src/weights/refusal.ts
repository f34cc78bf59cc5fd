import { BusanaError } from '@busana/contracts';

/** What to do about a file that only Python could read, and only by running what it holds. */
export const CONVERT =
  'Where the file is to be trusted, load it in Python, save its state_dict() as .safetensors and give that file.';

/** The refusal of a weights file: which file and what is wrong with it. */
export function invalidWeights(file: string, what: string, options: { remedy?: string; cause?: unknown } = {}) {
  return new BusanaError('WEIGHTS_INVALID', `${file}: ${what}`, {
    remedy: 'Fetch the file again, or check that it is the right one.',
    ...options,
  });
}

/** Text out of a file as part of a message: printable and not longer than a line. */
export function quoted(text: string): string {
  const shown = text.length > 120 ? `${text.slice(0, 120)}…` : text;
  // eslint-disable-next-line no-control-regex
  return shown.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/g, '?');
}
