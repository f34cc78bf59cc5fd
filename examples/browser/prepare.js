/**
 * A photo as the model is asked with it: every pixel as the server has it, so that both give the same answer. Decoded
 * upright over white, then exactly `size` x `size` by Catmull-Rom's cubic, in the fixed-point numbers and the order in
 * which libvips computes (`vips_resize`). The one exception is in README.md.
 */

/** Positions between two pixels are rounded to parts of this; weights are whole multiples of that part. */
const POSITIONS = 64;
const WEIGHTS = 4096;

/**
 * @param {Blob} photo
 * @param {number} size
 * @returns {Promise<Uint8Array>} `[size, size, 3]`
 */
export async function prepare(photo, size) {
  const bitmap = await createImageBitmap(photo, { colorSpaceConversion: 'none' });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  const { data: rgba } = context.getImageData(0, 0, width, height);
  return resize(
    width,
    height,
    rgba.filter((_, index) => index % 4 < 3),
    size,
  );
}

/**
 * @param {number} width
 * @param {number} height
 * @param {Uint8Array | Uint8ClampedArray} rgb `[height, width, 3]`
 * @param {number} size
 * @returns {Uint8Array} `[size, size, 3]`
 */
export function resize(width, height, rgb, size) {
  let picture = { width, height, data: rgb };
  if (height > size) picture = turned(shrinkRows(turned(picture), size));
  if (width > size) picture = shrinkRows(picture, size);
  if (width < size || height < size) picture = enlarge(picture, size);
  return Uint8Array.from(picture.data);
}

/** Every row in `size` pixels. More than twice as many are first averaged by whole numbers. */
function shrinkRows(picture, size) {
  const whole = Math.max(1, Math.floor(picture.width / size / 2));
  const { width, height, data } = whole === 1 ? picture : average(picture, whole);
  const factor = picture.width / whole / size;
  const reach = 2 * Math.ceil(2 * factor) + 1;
  const result = new Uint8ClampedArray(size * height * 3);
  // Added up, not multiplied, as libvips has it: where a position falls between two parts, the last bit decides.
  for (let x = 0, at = factor / 2; x < size; x += 1, at += factor) {
    const first = Math.floor(at) - (reach - 1) / 2;
    const weights = weightsAt(at, reach, factor);
    for (let y = 0; y < height; y += 1) {
      for (let c = 0; c < 3; c += 1) {
        let sum = 0;
        for (let k = 0; k < reach; k += 1) sum += weights[k] * data[(y * width + within(first + k, width)) * 3 + c];
        result[(y * size + x) * 3 + c] = rounded(sum);
      }
    }
  }
  return { width: size, height, data: result };
}

/** Means of `whole` pixels of a row, divided as libvips does: by a multiplication that is a little too small. */
function average({ width, height, data }, whole) {
  const fewer = Math.ceil(width / whole);
  const result = new Uint8Array(fewer * height * 3);
  for (let at = 0; at < result.length; at += 1) {
    const [c, x, y] = [at % 3, Math.floor(at / 3) % fewer, Math.floor(at / 3 / fewer)];
    let sum = whole >> 1;
    for (let k = 0; k < whole; k += 1) sum += data[(y * width + within(x * whole + k, width)) * 3 + c];
    result[at] = Math.floor((sum * Math.floor(2 ** 24 / whole)) / 2 ** 24);
  }
  return { width: fewer, height, data: result };
}

/** Along the rows, then along the columns; what is between the two may lie outside of 0 to 255. */
function enlarge(picture, size) {
  const { data, ...across } = turned(enlargeRows(turned(enlargeRows(picture, size)), size));
  return { ...across, data: Uint8ClampedArray.from(data) };
}

function enlargeRows({ width, height, data }, size) {
  const result = new Int32Array(size * height * 3);
  for (let x = 0; x < size; x += 1) {
    const at = (x * width) / size - 0.5;
    const first = Math.floor(at) - 1;
    const weights = weightsAt(at, 4, 1);
    for (let y = 0; y < height; y += 1) {
      for (let c = 0; c < 3; c += 1) {
        let sum = 0;
        for (let k = 0; k < 4; k += 1) sum += weights[k] * data[(y * width + within(first + k, width)) * 3 + c];
        result[(y * size + x) * 3 + c] = rounded(sum);
      }
    }
  }
  return { width: size, height, data: result };
}

/** Rows become columns. */
function turned({ width, height, data }) {
  const result = new data.constructor(data.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let c = 0; c < 3; c += 1) result[(x * height + y) * 3 + c] = data[(y * width + x) * 3 + c];
    }
  }
  return { width: height, height: width, data: result };
}

/** Whole weights of the `reach` pixels around a position. */
function weightsAt(at, reach, factor) {
  const part = (Math.floor((at - Math.floor(at)) * POSITIONS * 2) + 1) >> 1;
  const middle = part / POSITIONS + reach / 2 - 1;
  const weights = Array.from({ length: reach }, (_, k) => cubic(Math.abs(k - middle) / factor));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => Math.trunc((weight / sum) * WEIGHTS));
}

/** Catmull and Rom 1974. */
function cubic(x) {
  if (x <= 1) return 1.5 * x ** 3 - 2.5 * x ** 2 + 1;
  return x <= 2 ? -0.5 * x ** 3 + 2.5 * x ** 2 - 4 * x + 2 : 0;
}

function rounded(sum) {
  return (sum + WEIGHTS / 2) >> 12;
}

/** Beyond the border stands its last pixel. */
function within(pixel, length) {
  return Math.min(Math.max(pixel, 0), length - 1);
}
