import type { AttributeMetrics, TrainingConfig } from '@busana/contracts';
import { basename } from 'node:path';
import { describeCalibration, describeExactMatch, describeWithoutTwins } from '../evaluate/describe.ts';
import { wilson } from '../evaluate/intervals.ts';
import { architectureNamed } from '../models/registry.ts';
import { percent } from '../percent.ts';
import { modelLimits, type MeasuredModel } from './model-limits.ts';

export interface ModelCardContent extends MeasuredModel {
  readonly name: string;
  readonly config: TrainingConfig;
  readonly photos: number;
  readonly fingerprint: string;
  /** How they were held back, as a sentence. */
  readonly evaluation: string;
}

/** `MODEL_CARD.md` (Mitchell et al. 2019, "Model cards for model reporting"): data, method, measured limits. */
export function modelCard(content: ModelCardContent): string {
  const { name, config, taxonomy, photos, fingerprint } = content;
  const attributes = taxonomy.attributes.map(({ name, titles, values }) => {
    const labels = values.map(({ code, names }) => `${code} ${names['en'] ?? ''}`.trim()).join(', ');
    return `- **${name}**${titles['en'] === undefined ? '' : ` (${titles['en']})`}: ${labels}`;
  });
  return [
    `# ${name}`,
    '',
    `Reads ${taxonomy.attributes.length} attribute${taxonomy.attributes.length === 1 ? '' : 's'} from one photo of a garment.`,
    '',
    ...attributes,
    '',
    '## Data',
    '',
    `${photos} labelled photos, fingerprint \`${fingerprint}\`.`,
    '',
    '## Method',
    '',
    `Architecture ${config.model}, approach ${config.approach}, ${sizeOf(config)}, ${config.epochs} epochs, batch ${config.batch}, ` +
      `${config.optimizer} with ${config.schedule} learning rate up to ${config.lr}, augmentation ${config.augment}, seed ${config.seed}. ` +
      `${startOf(config)} Photos are resized to a square by antialiased bicubic interpolation.`,
    '',
    '## Measured',
    '',
    content.evaluation,
    '',
    ...measured(content),
    '',
    '## Limits',
    '',
    ...modelLimits(content),
    '',
    '## Licence',
    '',
    licenceOf(config),
    '',
  ].join('\n');
}

function sizeOf({ imageSize, predictSize }: TrainingConfig): string {
  return predictSize === 0 || predictSize === imageSize
    ? `${imageSize} px`
    : `trained at ${imageSize} px and judging at ${predictSize} px`;
}

function startOf({ weights, freeze }: TrainingConfig): string {
  if (weights === '') return 'Trained from scratch.';
  const trained = freeze ? 'the heads alone were trained' : 'all of it was fine-tuned';
  return `The backbone started from the weights ${basename(weights)}; ${trained}.`;
}

function licenceOf({ model, weights }: TrainingConfig): string {
  const { weightsLicence, source } = architectureNamed(model);
  const own =
    'The weights are under the licence of whoever trained them; the photos are not part of the file, but for a drawn test picture.';
  if (weights === '' || weightsLicence === undefined) return own;
  return `${own} What is trained from pretrained weights keeps their licence and notice; the official ones of ${model} (${source}) are under ${weightsLicence}.`;
}

function measured({ metrics, thresholds, taxonomy }: ModelCardContent): string[] {
  if (metrics === undefined) return [];
  return [
    `- ${describeExactMatch(metrics)}`,
    ...describeWithoutTwins(metrics).map((line) => `- ${line}`),
    ...Object.entries(metrics.attributes).map(([name, attribute]) => `- ${name}: ${describeAccuracy(attribute)}`),
    `- ${describeCalibration(metrics)}`,
    ...(thresholds.coverage === undefined || thresholds.emr === undefined
      ? []
      : [
          `- Accepted without review from a joint confidence of ${thresholds.accept.toFixed(3)} on: ${percent(thresholds.coverage)} of these photos, of which ${percent(thresholds.emr)} were right in everything. The threshold was chosen on them.`,
        ]),
    ...taxonomy.attributes.flatMap(({ name, values }) => [
      '',
      `| ${name} | photos | precision | recall | taken for |`,
      '| --- | --- | --- | --- | --- |',
      ...values.map(({ code, names }, row) =>
        perClass(names['en'] ?? code, metrics.attributes[name]!, row, (column) => {
          return values[column]!.names['en'] ?? values[column]!.code;
        }),
      ),
    ]),
  ];
}

function describeAccuracy({ accuracy, macro_f1, confusion }: AttributeMetrics): string {
  const hits = confusion.reduce((sum, row, index) => sum + row[index]!, 0);
  const { low, high } = wilson(
    hits,
    confusion.flat().reduce((sum, count) => sum + count, 0),
  );
  return `accuracy ${accuracy.toFixed(4)} (95 % interval ${low.toFixed(4)} to ${high.toFixed(4)}), macro F1 ${macro_f1.toFixed(4)}`;
}

/** A row of the table of an attribute: its figures, and what the value was mistaken for. */
function perClass(label: string, attribute: AttributeMetrics, row: number, nameOf: (column: number) => string): string {
  const { precision, recall, support } = attribute.per_class[attribute.labels[row]!]!;
  const mistakes = attribute.confusion[row]!.map((count, column) => ({ count, column }))
    .filter(({ count, column }) => count > 0 && column !== row)
    .sort((a, b) => b.count - a.count)
    .map(({ count, column }) => `${nameOf(column)} ${count}`);
  return `| ${label} | ${support} | ${precision.toFixed(4)} | ${recall.toFixed(4)} | ${mistakes.join(', ')} |`;
}
