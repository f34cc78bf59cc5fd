import { describe, expect, it } from 'vitest';
import { actionOf } from '../src/pages/review/keys.ts';

describe('keys of the review', () => {
  it.each([
    ['ArrowRight', { type: 'next' }],
    ['ArrowLeft', { type: 'previous' }],
    ['ArrowDown', { type: 'attribute', step: 1 }],
    ['ArrowUp', { type: 'attribute', step: -1 }],
    [' ', { type: 'confirm' }],
    ['u', { type: 'undo' }],
    ['Backspace', { type: 'undo' }],
    ['1', { type: 'value', place: 0 }],
    ['5', { type: 'value', place: 4 }],
    ['6', undefined],
    ['0', undefined],
    ['a', undefined],
    ['Enter', undefined],
  ])('%s', (key, action) => expect(actionOf({ key }, 5)).toEqual(action));

  it('leaves the keys of the browser to it, but for undo', () => {
    expect(actionOf({ key: 'z', ctrlKey: true }, 5)).toEqual({ type: 'undo' });
    expect(actionOf({ key: 'z', metaKey: true }, 5)).toEqual({ type: 'undo' });
    expect(actionOf({ key: '1', ctrlKey: true }, 5)).toBeUndefined();
    expect(actionOf({ key: 'ArrowLeft', altKey: true }, 5)).toBeUndefined();
  });
});
