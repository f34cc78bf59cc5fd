/**
 * @file Which form of a weight gradient is fastest. A table says what was measured, per block size and shape
 * (`npm run bench:forms` writes it); where a shape is not in it, a model of what each form computes and moves decides.
 */
import table from './weight-gradient-forms.json' with { type: 'json' };

/** A dense convolution y [N, O, H', W'] of x [N, C, H, W], as far as its weight gradient depends on it. */
export interface WeightGradientShape {
  readonly images: number;
  readonly channels: number;
  readonly filters: number;
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly outputSizes: readonly [number, number];
  /** Whether a kernel of one point meets padding nowhere. */
  readonly isProduct: boolean;
}

/**
 * A kernel of one point is a product of matrices:
 * - `products`: one per image, and their sum
 * - `joined`: one over the places of all images
 * - `images`: a convolution with a group per image, and their sum
 * - `places`: one convolution over all places
 *
 * Any other is a convolution whose kernel is dy, whole or in `bands` of rows.
 */
export type PointwiseForm = 'products' | 'joined' | 'images' | 'places';
export type WeightGradientForm = PointwiseForm | `bands ${number}`;

/** Block size -> shape -> form. */
export type FormTable = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The name of a shape in a table: images, channels, filters, kernel, strides, sizes of the output. */
export function nameOfShape(shape: WeightGradientShape): string {
  const { images, channels, filters, kernel, strides, outputSizes } = shape;
  return [images, channels, filters, kernel.join('x'), strides.join('x'), outputSizes.join('x')].join(' ');
}

/** The forms that a shape can have in blocks of the given size. */
export function formsOf(shape: WeightGradientShape, block: number): readonly WeightGradientForm[] {
  const { images, outputSizes, isProduct } = shape;
  const [height, width] = outputSizes;
  if (isProduct) {
    const points = height * width;
    const fits = {
      products: true,
      joined: images > 1,
      images: points % block === 0,
      places: (images * points) % block === 0,
    };
    return (['products', 'joined', 'images', 'places'] as const).filter((form) => fits[form]);
  }
  const counts = Array.from({ length: height }, (_, index) => index + 1);
  // The bands of all images fill whole blocks; only images that are fewer than a block may be left as they are.
  const fits = (count: number): boolean => height % count === 0 && (count === 1 || (images * count) % block === 0);
  return counts.filter(fits).map((count) => `bands ${count}` as const);
}

/** What the table says of a shape, and the model where it says nothing that the shape can have. */
export function chosenForm(shape: WeightGradientShape, block: number, measured: FormTable = table): WeightGradientForm {
  const name = measured[block]?.[nameOfShape(shape)];
  return formsOf(shape, block).find((form) => form === name) ?? modelledForm(shape, block);
}

/** What the processor computes in the time in which it moves one number to or from memory. */
const OPERATIONS_PER_NUMBER = 48;
/** The runtime's matrix products beside its blocked convolutions. */
const PRODUCTS_SLOWER = 1.2;
/** Bytes of a kernel that stay in the cache of a core from one use to the next. */
const CACHED = 2 ** 19;
/** Blocks of filters that the runtime computes together. */
const BLOCKS_TOGETHER = 4;

/** The form that should take the least time. */
export function modelledForm(shape: WeightGradientShape, block: number): WeightGradientForm {
  const forms = formsOf(shape, block);
  if (shape.isProduct) {
    const costs = pointwiseCosts(shape);
    const isPointwise = (form: WeightGradientForm): form is PointwiseForm => form in costs;
    return forms.filter(isPointwise).reduce((best, form) => (costs[form] < costs[best] ? form : best));
  }
  // Images that are no whole blocks are moved once more for bands, which rarely pays.
  if (shape.images % block !== 0) return 'bands 1';
  const [height, width] = shape.outputSizes;
  const row = Math.min(shape.filters, BLOCKS_TOGETHER * block) * block * width * Float32Array.BYTES_PER_ELEMENT;
  const cached = forms.find((form) => (height / Number(form.split(' ')[1])) * row <= CACHED);
  return cached ?? forms.at(-1)!;
}

/** Operations, and what numbers moved through memory cost beside them. */
function pointwiseCosts(shape: WeightGradientShape): Record<PointwiseForm, number> {
  const { images, channels, filters, outputSizes } = shape;
  const places = images * outputSizes[0] * outputSizes[1];
  const operations = 2 * places * channels * filters;
  const [small, large] = [Math.min(channels, filters) * places, Math.max(channels, filters) * places];
  const sums = 2 * images * channels * filters;
  const moved = {
    // Both into the order of their axes.
    products: 2 * (small + large) + sums,
    // And images behind channels.
    joined: 4 * (small + large),
    // The smaller one is reordered twice, the larger one read.
    images: 4 * small + large + sums,
    // As well, but the larger one is moved before.
    places: 4 * small + 3 * large,
  };
  return {
    products: operations * PRODUCTS_SLOWER + moved.products * OPERATIONS_PER_NUMBER,
    joined: operations * PRODUCTS_SLOWER + moved.joined * OPERATIONS_PER_NUMBER,
    images: operations + moved.images * OPERATIONS_PER_NUMBER,
    places: operations + moved.places * OPERATIONS_PER_NUMBER,
  };
}
