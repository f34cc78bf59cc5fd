import type { AttributionRecord, ExplainedPhoto, ExplainedScore, Explanation } from '@busana/contracts';

/** What was found about a photo, for people. */
export function photoLines(
  { score }: Pick<Explanation, 'score'>,
  { image, error, seconds, attributions }: ExplainedPhoto,
): string[] {
  if (error !== null) return [`${image}: ${error}`];
  return [
    `${image} (${seconds.toFixed(seconds < 10 ? 2 : 0)} s)`,
    ...attributions.flatMap((attribution) => {
      const { attribute, label, output, garment_share, deletion, insertion } = attribution;
      const parts = [
        ...sumPart(attribution, score),
        ...(garment_share === null ? [] : [`${Math.round(garment_share * 100)} % on the garment`]),
        ...(deletion === null || insertion === null
          ? []
          : [`deletion area ${deletion.area.toFixed(3)}, insertion area ${insertion.area.toFixed(3)}`]),
      ];
      const rest = parts.length === 0 ? '' : `: ${parts.join('; ')}`;
      return [
        `  ${attribute} ${label} ${output.toFixed(4)}${rest}`,
        ...attribution.warnings.map((warning) => `  warning: ${warning}`),
      ];
    }),
  ];
}

/** From where to where the values lead, and by how much they miss it. */
function sumPart(
  { explained_value, base_value, score_range, additivity_error }: AttributionRecord,
  score: ExplainedScore | null,
): string[] {
  if (explained_value === null || base_value === null || score_range === null || additivity_error === null) return [];
  const percent = (100 * additivity_error) / score_range;
  const share = score_range === 0 ? '' : ` (${percent < 0.01 ? 'under 0.01' : percent.toFixed(2)} % of the range)`;
  return [
    `${scoreName(score)} ${explained_value.toFixed(3)} from ${base_value.toFixed(3)}`,
    `additivity error ${additivity_error.toExponential(1)}${share}`,
  ];
}

/** For people. */
export function scoreName(score: ExplainedScore | null): string {
  return score === 'log-odds' ? 'log-odds' : 'output';
}

/** What the colours of a method mean, a line for the sheet. */
export function unitLine({
  method,
  score,
  class_independent,
  masking,
  background,
}: Omit<Explanation, 'photos'>): string {
  const forAndAgainst = `red speaks for the class, blue against it; change of the ${scoreName(score)} per pixel`;
  if (background !== null) return `${forAndAgainst}, against ${background.photos} photos: ${background.source}`;
  if (method === 'occlusion')
    return `red: the ${scoreName(score)} falls when this is hidden by ${masking ?? ''}; blue: it rises`;
  if (masking !== null) return `${forAndAgainst}, against the photo hidden by ${masking}`;
  return class_independent
    ? 'the redder, the more the model looks here, whatever the class'
    : 'the redder, the more this speaks for the class';
}
