/** @file Cells of tables: numbers as shops write them, and text that spreadsheets must not take for a formula. */
import type { CellNote } from './notes.ts';

/** 0 or more with at most two decimals, as the catalogue keeps it. */
const PRICE = /^\d{1,12}(\.\d{1,2})?0*$/;
/** Pieces; some shops write them with decimals, or below zero what they owe. */
const QUANTITY = /^(-?\d{1,9})(\.0+)?$/;

/** What spreadsheets compute, and what has been guarded against that already. */
const FORMULA = /^'*[=+\-@\t\r]/;
const GUARDED = /^'+[=+\-@\t\r]/;

/** @param problems is told of what is none @returns undefined for an empty cell */
export function readPrice(cell: string, problems: CellNote[]): number | undefined {
  if (cell === '') return undefined;
  if (!PRICE.test(cell)) problems.push({ code: 'price-invalid', cell });
  return Number(cell);
}

/** The same of pieces. */
export function readQuantity(cell: string, problems: CellNote[]): number | undefined {
  if (cell === '') return undefined;
  const [, number] = QUANTITY.exec(cell) ?? [];
  if (number === undefined) problems.push({ code: 'quantity-invalid', cell });
  return Math.max(0, Number(number));
}

/** Text as a cell that no spreadsheet takes for a formula (OWASP, "CSV Injection"); {@link unguarded} gives it back. */
export function guarded(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

export function unguarded(cell: string): string {
  return GUARDED.test(cell) ? cell.slice(1) : cell;
}
