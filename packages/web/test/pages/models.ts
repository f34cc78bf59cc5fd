import type { Page } from 'playwright-core';

/** From a training to the model that answers. */
export class ModelsPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Trains for one epoch, and waits for the end. */
  async train(name: string): Promise<void> {
    await this.#page.getByRole('link', { name: 'Train', exact: true }).click();
    await this.#page.getByRole('textbox', { name: 'Name' }).fill(name);
    await this.#page.getByRole('textbox', { name: 'Epochs' }).fill('1');
    await this.#page.getByRole('button', { name: 'Start the training' }).click();
    const training = this.#page.getByRole('article', { name });
    await training.getByText('Done', { exact: true }).waitFor();
    await training.getByRole('link', { name: 'Compare and activate' }).click();
    await this.#page.locator('[data-model]').nth(1).waitFor();
  }

  /** Name of the model that answers. */
  async active(): Promise<string> {
    return (await this.#page.locator('[data-model][data-active]').getAttribute('aria-label')) ?? '';
  }

  /** What is said of a model beside the one before it. */
  async comparison(name: string): Promise<string> {
    return (await this.#page.getByRole('article', { name }).textContent()) ?? '';
  }

  async activate(name: string): Promise<void> {
    await this.#page.getByRole('article', { name }).getByRole('button', { name: 'Activate' }).click();
  }

  async rollBack(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Roll back' }).click();
  }
}
