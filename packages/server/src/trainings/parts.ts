/** @file Which photos are learnt from and which are kept to compare models on: said once of each, for ever. */

export type Part = 'train' | 'evaluation' | 'neither';

/** Of five groups about one is kept to compare models on. */
const SHARE = 5;

/**
 * Copies follow those that are known: what is a copy of photos of both parts is of neither. A new group goes by the hash
 * of its first photo, so that chance decides, and the same way each time.
 * @param hashes SHA-256 of each photo, in hexadecimal
 * @param groupOf group of each
 * @param known parts that were said before
 */
export function partsOf(
  hashes: readonly string[],
  groupOf: readonly number[],
  known: ReadonlyMap<string, Part>,
): Map<string, Part> {
  const groups = new Map<number, string[]>();
  hashes.forEach((hash, at) => groups.set(groupOf[at]!, [...(groups.get(groupOf[at]!) ?? []), hash]));
  const parts = new Map<string, Part>();
  for (const members of groups.values()) {
    const said = new Set(members.flatMap((hash) => known.get(hash) ?? []));
    const both = said.has('train') && said.has('evaluation');
    const first = members.toSorted()[0]!;
    const drawn = Number.parseInt(first.slice(0, 12), 16) % SHARE === 0 ? 'evaluation' : 'train';
    const next = both ? 'neither' : said.has('evaluation') ? 'evaluation' : said.has('train') ? 'train' : drawn;
    for (const hash of members) parts.set(hash, known.get(hash) ?? next);
  }
  return parts;
}
