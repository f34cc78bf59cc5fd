import { useEffect, useRef } from 'react';
import { actionOf, isTyping, type Action } from './keys.ts';

/** Listens while the page is open. @param values of the attribute that digits are for */
export function useKeys(values: number, act: (action: Action) => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (isTyping(event, event.key)) return;
      const action = actionOf(event, values);
      if (action === undefined) return;
      // Neither scrolled nor gone back in history.
      event.preventDefault();
      latest.current(action);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [values]);
}
