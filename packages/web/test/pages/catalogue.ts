import type { Locator, Page } from 'playwright-core';

/** The catalogue as somebody uses it. */
export class CataloguePage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async search(words: string): Promise<void> {
    const answered = this.#page.waitForResponse((response) => response.url().includes('/api/v1/products?q='));
    await this.#page.getByRole('searchbox').fill(words);
    await answered;
    await this.#page.waitForURL(/q=/);
    await this.#page.waitForLoadState('networkidle');
  }

  /** Ids of the products that are shown. */
  async products(): Promise<string[]> {
    const cards = this.#page.getByTestId('products').locator('[data-product]');
    await cards.first().waitFor();
    return cards.evaluateAll((found) => found.map((card) => card.getAttribute('data-product') ?? ''));
  }

  /** What stands beside a facet. */
  async facet(attribute: string, code: string): Promise<number> {
    const count = this.#page.locator(`[data-count="${attribute}=${code}"]`);
    return (await count.count()) === 0 ? 0 : Number(await count.textContent());
  }

  async openStock(): Promise<void> {
    await this.#page.getByText('Stock', { exact: true }).click();
    await this.#page.getByRole('table').waitFor();
  }

  /** A number of the stock matrix. */
  async cell(row: string, column: string): Promise<number> {
    return Number(await this.#page.locator(`[data-cell="${row},${column}"]`).textContent());
  }

  async total(): Promise<string> {
    return (await this.#page.getByTestId('total').textContent()) ?? '';
  }

  select(name: string | RegExp): Locator {
    return this.#page.getByRole('checkbox', { name }).first();
  }
}
