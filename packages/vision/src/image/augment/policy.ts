/** @file Which transforms a training draws from, and which of them its attributes forbid. */
import { BusanaError, type Taxonomy } from '@busana/contracts';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { transformNames, transforms } from './registry.ts';

const policySchema = z.array(
  z.strictObject({
    transform: z.enum(transformNames),
    /** How often it is applied, 0..1. */
    probability: z.number().min(0).max(1),
    /** How much, 0..1; what that means is up to the transform. */
    strength: z.number().min(0).max(1),
  }),
);

/** Transforms in the order they are applied; movements come first, as one warp. */
export type AugmentationPolicy = z.infer<typeof policySchema>;

const light: AugmentationPolicy = [
  { transform: 'flip', probability: 0.5, strength: 1 },
  { transform: 'rotate', probability: 0.5, strength: 0.2 },
  { transform: 'scale', probability: 0.5, strength: 0.2 },
  { transform: 'translate', probability: 0.5, strength: 0.15 },
  { transform: 'brightness-contrast', probability: 0.5, strength: 0.2 },
];

const strong: AugmentationPolicy = [
  { transform: 'flip', probability: 0.5, strength: 1 },
  { transform: 'rotate', probability: 0.7, strength: 0.4 },
  { transform: 'scale', probability: 0.7, strength: 0.4 },
  { transform: 'shear', probability: 0.3, strength: 0.3 },
  { transform: 'translate', probability: 0.7, strength: 0.3 },
  { transform: 'crop', probability: 0.3, strength: 0.4 },
  { transform: 'brightness-contrast', probability: 0.7, strength: 0.5 },
  { transform: 'colour-space', probability: 0.5, strength: 0.3 },
  { transform: 'gaussian-noise', probability: 0.1, strength: 0.2 },
  { transform: 'random-erase', probability: 0.3, strength: 0.4 },
  { transform: 'random-crop-add', probability: 0.1, strength: 0.3 },
  { transform: 'sharpen', probability: 0.1, strength: 0.5 },
  { transform: 'blur-gaussian', probability: 0.1, strength: 0.35 },
];

const named: Readonly<Record<string, AugmentationPolicy>> = { none: [], light, strong };

/** A transform left out, and why, for people. */
export interface SwitchedOff {
  readonly transform: string;
  readonly sentence: string;
}

/**
 * A policy by name or file, without what would destroy an attribute of the taxonomy.
 * @throws BusanaError CONFIG_INVALID when there is neither such a name nor such a file, or the file is not a policy
 */
export async function resolvePolicy(
  spec: string,
  { attributes }: Taxonomy,
): Promise<{ policy: AugmentationPolicy; switchedOff: SwitchedOff[] }> {
  const asked = named[spec] ?? (await readPolicy(spec));
  const switchedOff: SwitchedOff[] = [];
  const policy = asked.filter(({ transform, strength }) => {
    const { destroys } = transforms[transform];
    const hurt = attributes.filter(({ kind }) => strength >= (destroys[kind] ?? Infinity));
    if (hurt.length === 0) return true;
    const names = hurt.map(({ name, kind }) => `${name} (${kind})`).join(', ');
    switchedOff.push({
      transform,
      sentence: `augmentation ${transform} at ${strength} is switched off: it can destroy ${names}`,
    });
    return false;
  });
  return { policy, switchedOff };
}

async function readPolicy(file: string): Promise<AugmentationPolicy> {
  let content: unknown;
  try {
    content = parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new BusanaError('CONFIG_INVALID', `'${file}' is no augmentation policy and no readable file`, {
      remedy: 'Use none, light, strong or the path of a YAML list of transform, probability, strength.',
      cause,
    });
  }
  const parsed = policySchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new BusanaError('CONFIG_INVALID', `${file} is not an augmentation policy`, {
    problems: parsed.error.issues.map(({ path, message }) => ({ file, message: `${path.join('.')}: ${message}` })),
    cause: parsed.error,
  });
}
