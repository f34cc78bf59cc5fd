import type { Page } from 'playwright-core';

/** One product, used by keyboard alone. */
export class ProductPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** What is chosen of an attribute. */
  async chosen(title: string): Promise<string> {
    const group = this.#page.getByRole('radiogroup', { name: title });
    await group.waitFor();
    return (await group.getByRole('radio', { checked: true }).textContent()) ?? '';
  }

  /** Moves from the value that is chosen to the next one, which chooses it. */
  async nextValue(title: string): Promise<void> {
    const group = this.#page.getByRole('radiogroup', { name: title });
    await group.getByRole('radio', { checked: true }).focus();
    await this.#saved(() => this.#page.keyboard.press('ArrowRight'));
  }

  async undo(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Undo' }).focus();
    await this.#saved(() => this.#page.keyboard.press('Enter'));
  }

  /** Sentences of the history, the newest first. */
  async history(): Promise<string[]> {
    return this.#page.getByTestId('history').locator('p').allTextContents();
  }

  async #saved(act: () => Promise<void>): Promise<void> {
    const refreshed = this.#page.waitForResponse(
      (response) => response.request().method() === 'GET' && /\/products\/\d+$/.test(response.url()),
    );
    await act();
    await refreshed;
    await this.#page.waitForLoadState('networkidle');
  }
}
