/** @file Who corrects, as the history of a product has it. Without a login it is whatever somebody calls themself. */

const STORED = 'busana-reviewer';

/** Who has not said so is the one at this machine. */
export function reviewer(): string {
  return localStorage.getItem(STORED) ?? 'local';
}

export function setReviewer(name: string): void {
  if (name.trim() === '') localStorage.removeItem(STORED);
  else localStorage.setItem(STORED, name.trim());
}
