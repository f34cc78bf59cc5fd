/** A decoded picture: RGB, 8 bits a channel, rows top to bottom, `data[(y * width + x) * 3 + channel]`. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Length `width * height * 3`. */
  readonly data: Uint8Array;
}
