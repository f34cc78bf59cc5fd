/** @file What an export says of itself, for people. */
import { describeIntegerSpeed } from '../processor.ts';
import type { CompressedExport } from './compress-model.ts';

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
const bytes = (count: number): string => count.toLocaleString('en');

export function describeCompression(result: CompressedExport): string[] {
  const { format, calibration, agreement, processor } = result;
  const form = format.slice('onnx-'.length);
  const name = processor.name ?? 'this processor';
  const features = processor.features?.join(' ') ?? '';
  return [
    `${result.source} -> ${result.file}: ${bytes(result.bytes_before)} -> ${bytes(result.bytes)} bytes, ${result.size_ratio.toFixed(3)} of the size`,
    ...(calibration === undefined ? [] : describeCalibration(calibration)),
    ...(agreement === undefined
      ? [`answers were not compared: give photos with --data to see what ${form} costs`]
      : describeAgreement(agreement, form)),
    describeSpeed(result, form),
    `processor: ${name}${features === '' ? '' : ` (${features})`}${format === 'onnx-int8' ? `: ${describeIntegerSpeed(processor)}` : ''}`,
  ];
}

function describeCalibration({
  method,
  percent: share,
  photos,
  seed,
  shared,
  layers,
  float_layers: float,
}: NonNullable<CompressedExport['calibration']>): string[] {
  const how = method === 'entropy' ? 'by entropy' : `at the ${share} percentile`;
  const kept = float.length === 0 ? 'no layer had to stay in float32' : `left in float32: ${float.join(', ')}`;
  return [
    `calibrated ${how} on ${photos} photos (seed ${seed}); ${layers} layers in integers, ${kept}`,
    ...(shared ? ['warning: too few photos to keep some apart: figures below are of the photos calibrated on'] : []),
  ];
}

function describeAgreement(agreement: NonNullable<CompressedExport['agreement']>, form: string): string[] {
  const { photos, same_labels: same, largest_difference: largest, emr } = agreement;
  return [
    ...(emr === undefined
      ? []
      : [
          `EMR ${emr.before.value.toFixed(4)} -> ${emr.after.value.toFixed(4)} on ${emr.after.n} labelled photos; only float32 is right on ${emr.only_before}, only ${form} on ${emr.only_after}`,
          'photos that the model was trained on flatter both figures: the difference is what counts',
        ]),
    `the labels of ${same} of ${photos} photos stay (${percent(same / photos)}); probabilities differ by ${largest.toFixed(3)} at most`,
  ];
}

function describeSpeed({ format, speed }: CompressedExport, form: string): string {
  const { before_ms: before, after_ms: after, runs } = speed;
  const times = `one photo: ${before.toFixed(1)} -> ${after.toFixed(1)} ms, medians of ${runs} runs in turns`;
  const ratio = before / after;
  if (format === 'onnx-fp16') return `${times} (${form} is for smaller files: the arithmetic stays in float32)`;
  if (ratio >= 1.05) return `${times}: ${ratio.toFixed(2)} times as fast on this machine`;
  if (ratio <= 0.95) return `${times}: SLOWER than float32 on this machine; use the file where size counts`;
  return `${times}: no faster than float32 on this machine`;
}
