/**
 * @file Where the official pretrained weights are published. Their publishers name files after the first eight hex
 * digits of the SHA-256, which is what torch.hub verifies too.
 */
import { architectureNamed } from '../models/registry.ts';

/** A file that can be downloaded and verified. */
export interface OfficialWeights {
  /** Name of the architecture. */
  readonly name: string;
  readonly address: string;
  /** SHA-256 in hex, or its first digits as far as they are published. */
  readonly sha256: string;
  /** Size of the file, where it is published. */
  readonly bytes?: number;
  readonly licence: string;
  readonly format: 'pth';
}

/** Weights that people bring themselves, and why. */
export interface OwnWeights {
  readonly name: string;
  /** Undefined where there are none at all. */
  readonly licence?: string;
  readonly reason: string;
}

/** torchvision's first published weights (`IMAGENET1K_V1`), by the addresses in its `models` package. */
const torchvision = {
  resnet18: 'f37072fd',
  resnet34: 'b627a593',
  resnet50: '0676ba61',
  resnet101: '63fe2227',
  mobilenet_v2: 'b0353104',
} as const;

/** From the model zoo of the DeiT repository, section "Model Zoo". */
const deit = {
  deit_tiny_patch16_224: 'a1311bcf',
  deit_small_patch16_224: 'cd65a155',
  deit_base_patch16_224: 'b5f2ef4d',
  deit_tiny_distilled_patch16_224: 'b40b3cf7',
  deit_small_distilled_patch16_224: '649709d9',
  deit_base_distilled_patch16_224: 'df68dfff',
} as const;

/** Every file that `busana weights pull` knows. */
export const officialWeights: readonly OfficialWeights[] = [
  ...published('https://download.pytorch.org/models/', torchvision, 'BSD-3-Clause (torchvision)'),
  ...published('https://dl.fbaipublicfiles.com/deit/', deit, 'Apache-2.0 (Meta)'),
];

/**
 * Where the weights of an architecture come from, by its name or an alias of it.
 * @throws BusanaError CONFIG_INVALID when there is no such architecture
 */
export function weightsOf(name: string): OfficialWeights | OwnWeights {
  const architecture = architectureNamed(name);
  const official = officialWeights.find((weights) => weights.name === architecture.name);
  if (official !== undefined) return official;
  const { weightsLicence: licence } = architecture;
  return {
    name: architecture.name,
    ...(licence !== undefined && { licence }),
    reason: reasonOf(architecture.name, licence),
  };
}

export function isOfficial(weights: OfficialWeights | OwnWeights): weights is OfficialWeights {
  return 'address' in weights;
}

function published(folder: string, files: Readonly<Record<string, string>>, licence: string): OfficialWeights[] {
  return Object.entries(files).map(([name, sha256]) => ({
    name,
    address: `${folder}${name}-${sha256}.pth`,
    sha256,
    licence,
    format: 'pth',
  }));
}

function reasonOf(name: string, licence: string | undefined): string {
  if (licence === undefined) return 'no pretrained weights are published';
  if (name.startsWith('yolo')) return 'not downloaded because of its licence: bring your own file';
  return 'no address with a published hash is known: bring your own file';
}
