import type { ExplainedPhoto, Explanation } from '@busana/contracts';

/** What was found about a photo, for people. */
export function photoLines({ image, error, seconds, attributions }: ExplainedPhoto): string[] {
  if (error !== null) return [`${image}: ${error}`];
  return [
    `${image} (${seconds.toFixed(seconds < 10 ? 2 : 0)} s)`,
    ...attributions.flatMap((attribution) => {
      const { attribute, label, output, base_value, additivity_error, garment_share, deletion, insertion } =
        attribution;
      const parts = [
        ...(base_value === null || additivity_error === null
          ? []
          : [`base value ${base_value.toFixed(4)}, additivity error ${additivity_error.toExponential(1)}`]),
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

/** What the colours of a method mean, a line for the sheet. */
export function unitLine({ method, class_independent, masking, background }: Omit<Explanation, 'photos'>): string {
  const forAndAgainst = 'red speaks for the class, blue against it; change of the output per pixel';
  if (background !== null) return `${forAndAgainst}, against ${background.photos} photos: ${background.source}`;
  if (method === 'occlusion') return `red: the output falls when this is hidden by ${masking ?? ''}; blue: it rises`;
  if (masking !== null) return `${forAndAgainst}, against the photo hidden by ${masking}`;
  return class_independent
    ? 'the redder, the more the model looks here, whatever the class'
    : 'the redder, the more this speaks for the class';
}
