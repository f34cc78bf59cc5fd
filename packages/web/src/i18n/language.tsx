/** @file The language that everything on the page is in: chosen by hand, or else the browser's. */
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { format, languages, type Language, type Messages, type Values } from './messages.ts';

const STORED = 'busana-language';

interface Chosen {
  readonly language: Language;
  readonly choose: (language: Language) => void;
}

const LanguageContext = createContext<Chosen>({ language: 'en', choose: () => undefined });

function firstLanguage(): Language {
  const wanted = [localStorage.getItem(STORED), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return languages.find((language) => language === wanted.find((tag) => tag === 'en' || tag === 'id')) ?? 'en';
}

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const chosen = useMemo(() => {
    const choose = (next: Language): void => {
      localStorage.setItem(STORED, next);
      setLanguage(next);
    };
    return { language, choose };
  }, [language]);
  return <LanguageContext value={chosen}>{children}</LanguageContext>;
}

export function useLanguage(): Chosen {
  return useContext(LanguageContext);
}

/** The texts of a dictionary in the language chosen: `t('title')`. */
export function useMessages<M extends Messages>(messages: M): (key: keyof M & string, values?: Values) => string {
  const { language } = useLanguage();
  return (key, values) => format(messages[key]!, language, values);
}
