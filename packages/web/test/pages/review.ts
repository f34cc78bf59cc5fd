import type { Page } from 'playwright-core';

/** The review, by keyboard alone. */
export class ReviewPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async open(): Promise<void> {
    await this.#page.getByRole('link', { name: 'Review', exact: true }).click();
    await this.#page.locator('[data-review]').waitFor();
  }

  /** What is chosen of an attribute. */
  async chosen(title: string): Promise<string> {
    const pressed = this.#page.getByRole('group', { name: title }).locator('[aria-pressed=true]');
    return (await pressed.getAttribute('data-choice')) ?? '';
  }

  /** Which attribute digits are for. */
  async active(): Promise<string> {
    return (await this.#page.locator('[role=group][data-active]').getAttribute('aria-label')) ?? '';
  }

  /** A key, and what the page then says to screen readers. */
  async press(key: string, says: RegExp): Promise<void> {
    await this.#page.keyboard.press(key);
    await this.#page.getByRole('status').filter({ hasText: says }).first().waitFor({ state: 'attached' });
  }

  async progress(): Promise<string> {
    return (await this.#page.getByTestId('progress').textContent()) ?? '';
  }
}
