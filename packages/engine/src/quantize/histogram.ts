/**
 * How often values of each size occurred, in memory that does not grow: a fixed number of equal bins over
 * [-reach, reach]. A value beyond doubles the reach, and two bins become one. Exact zeros are only counted: every
 * 8-bit form holds 0 exactly, and behind rectifiers they would outweigh everything else.
 */
export class Histogram {
  /** Bins over [-reach, reach]; even. */
  static readonly BINS = 8192;

  #counts = new Float64Array(Histogram.BINS);
  #reach = 0;
  #low = Infinity;
  #high = -Infinity;
  #zeros = 0;

  /** @throws RangeError for a value that is not finite */
  add(values: Float32Array): void {
    const half = Histogram.BINS / 2;
    let [low, high] = [this.#low, this.#high];
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const largest = Math.max(Math.abs(low), Math.abs(high));
    if (values.length > 0 && !Number.isFinite(largest)) throw new RangeError('a value is not finite');
    [this.#low, this.#high] = [low, high];
    if (this.#reach === 0) this.#reach = largest;
    while (this.#reach < largest) this.#widen();
    const binsPerUnit = half / this.#reach;
    for (const value of values) {
      if (value === 0) this.#zeros += 1;
      else if (Number.isNaN(value)) throw new RangeError('a value is not a number');
      else {
        const bin = Math.min(Histogram.BINS - 1, Math.max(0, Math.floor(value * binsPerUnit) + half));
        this.#counts[bin]! += 1;
      }
    }
  }

  /** Twice the reach, half the resolution. */
  #widen(): void {
    const wider = new Float64Array(Histogram.BINS);
    const quarter = Histogram.BINS / 4;
    this.#counts.forEach((count, bin) => (wider[quarter + Math.floor(bin / 2)]! += count));
    this.#counts = wider;
    this.#reach *= 2;
  }

  /** The least value seen; 0 when there was none. */
  get low(): number {
    return this.#low === Infinity ? 0 : this.#low;
  }

  get high(): number {
    return this.#high === -Infinity ? 0 : this.#high;
  }

  get zeros(): number {
    return this.#zeros;
  }

  /**
   * Counts of magnitudes other than 0: bin i holds |x| in [i, i + 1) * width. Bins beyond the largest magnitude are
   * left out.
   */
  magnitudes(): { readonly counts: Float64Array; readonly width: number } {
    const half = Histogram.BINS / 2;
    const counts = Float64Array.from(
      { length: half },
      (_, bin) => this.#counts[half + bin]! + this.#counts[half - 1 - bin]!,
    );
    const used = counts.findLastIndex((count) => count > 0) + 1;
    return { counts: counts.slice(0, used), width: this.#reach / half };
  }
}
