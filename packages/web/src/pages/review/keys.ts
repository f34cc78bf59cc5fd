/** @file What keys do while products are reviewed: hands stay on the keyboard. */

export type Action =
  | { readonly type: 'next' | 'previous' | 'confirm' | 'undo' }
  /** Another attribute is the one that digits are for. */
  | { readonly type: 'attribute'; readonly step: 1 | -1 }
  /** The value with this place, from 0, of that attribute. */
  | { readonly type: 'value'; readonly place: number };

interface Pressed {
  readonly key: string;
  readonly ctrlKey?: boolean;
  readonly metaKey?: boolean;
  readonly altKey?: boolean;
}

/** @param values how many values the attribute has; undefined is answered for keys that mean nothing here */
export function actionOf(
  { key, ctrlKey = false, metaKey = false, altKey = false }: Pressed,
  values: number,
): Action | undefined {
  if (altKey) return undefined;
  if (ctrlKey || metaKey) return key.toLowerCase() === 'z' ? { type: 'undo' } : undefined;
  if (/^[1-9]$/.test(key)) return Number(key) <= values ? { type: 'value', place: Number(key) - 1 } : undefined;
  switch (key) {
    case 'ArrowRight':
      return { type: 'next' };
    case 'ArrowLeft':
      return { type: 'previous' };
    case 'ArrowDown':
      return { type: 'attribute', step: 1 };
    case 'ArrowUp':
      return { type: 'attribute', step: -1 };
    case ' ':
      return { type: 'confirm' };
    case 'u':
    case 'U':
    case 'Backspace':
      return { type: 'undo' };
    default:
      return undefined;
  }
}

/**
 * Whoever writes in a field means the field, and whoever has gone to a control by keyboard means the control. One that
 * was clicked keeps the focus, but the hand is on the keys of the review again.
 */
export function isTyping({ target }: { readonly target: EventTarget | null }, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input:not([type=checkbox], [type=radio]), textarea, select, [role=dialog]') !== null) return true;
  const control = target.closest('button, summary, input');
  if (control === null || !control.matches(':focus-visible')) return false;
  return key === ' ' || (control instanceof HTMLInputElement && key.startsWith('Arrow'));
}
