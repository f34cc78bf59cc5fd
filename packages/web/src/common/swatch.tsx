import { ColorSwatch } from '@mantine/core';
import { useTaxonomy } from '../api/taxonomy.ts';
import { swatch } from './names.ts';

/** A dot in the colour that a value names; nothing for values that are no colours. The name stands beside it. */
export function ValueSwatch({ attribute, code }: { readonly attribute: string; readonly code: string }) {
  const taxonomy = useTaxonomy();
  const colour = swatch(taxonomy.attribute(attribute), code);
  return colour === undefined ? null : <ColorSwatch color={colour} size={12} aria-hidden style={{ flexShrink: 0 }} />;
}
