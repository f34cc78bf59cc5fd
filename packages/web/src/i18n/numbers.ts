/** @file Numbers and times as the language writes them. */
import { useLanguage } from './language.tsx';
import type { Language } from './messages.ts';

export function percent(share: number, language: Language, digits = 0): string {
  return share.toLocaleString(language, {
    style: 'percent',
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
  });
}

/** `p = 0.0042`, or `p < 0.0001`. */
export function pValue(p: number, language: Language): string {
  const digits = (value: number) => value.toLocaleString(language, { maximumFractionDigits: 4 });
  return p < 0.0001 ? `p < ${digits(0.0001)}` : `p = ${digits(p)}`;
}

export function useNumbers() {
  const { language } = useLanguage();
  return {
    percent: (share: number, digits = 0) => percent(share, language, digits),
    pValue: (p: number) => pValue(p, language),
    number: (value: number, digits = 0) => value.toLocaleString(language, { maximumFractionDigits: digits }),
    time: (iso: string) => new Date(iso).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' }),
    price: (value: number) => value.toLocaleString(language, { maximumFractionDigits: 2 }),
  };
}
