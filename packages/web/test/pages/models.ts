import type { Page } from 'playwright-core';

/** Milliseconds: seconds of work, more where others work beside it. */
const TRAINING = 100_000;

/** From a training to the model that answers. */
export class ModelsPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Chooses what the next training starts from. */
  async startFrom(option: RegExp): Promise<void> {
    await this.#page.getByRole('link', { name: 'Train', exact: true }).click();
    await this.#page.getByRole('combobox', { name: 'Starts from' }).click();
    await this.#page.getByRole('option', { name: option }).click();
  }

  /**
   * Trains for one epoch, and waits for the end.
   * @param data a zip to learn from; default: the catalogue
   * @returns what is said of the training
   */
  async train(name: string, data?: { name: string; mimeType: string; buffer: Buffer }): Promise<string> {
    await this.#page.getByRole('link', { name: 'Train', exact: true }).click();
    if (data !== undefined) await this.#page.locator('form input[type=file]').setInputFiles(data);
    await this.#page.getByRole('textbox', { name: 'Name' }).fill(name);
    await this.#page.getByRole('textbox', { name: 'Epochs' }).fill('1');
    await this.#page.getByRole('button', { name: 'Start the training' }).click();
    const training = this.#page.getByRole('article', { name });
    await training.getByText('Done', { exact: true }).waitFor({ timeout: TRAINING });
    const said = (await training.textContent()) ?? '';
    await training.getByRole('link', { name: 'Compare and activate' }).click();
    await this.#page.locator('[data-model]').nth(1).waitFor();
    return said;
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
