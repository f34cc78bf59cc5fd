/** @file Named colours as values of an attribute: navy is a blue where the schema knows no navy. */
import type { Attribute } from '@busana/contracts';
import { resolveValue } from '../taxonomy/names.ts';
import { difference, type Lab } from './lab.ts';
import { namedColours, nearest, type NamedColour } from './names.ts';

/** A named colour that the attribute has a value for. */
interface Anchor extends NamedColour {
  /** Position of the value. */
  readonly value: number;
}

/** Which value of an attribute a colour is. */
export interface ColourValues {
  /** Position of the value; `exact` when one of the colour's own names is that of the value. */
  readonly valueOf: (colour: NamedColour, lab: Lab) => { readonly value: number; readonly exact: boolean };
  /** Values by how little (CIEDE2000) their nearest name differs from a colour. */
  readonly byDifference: (lab: Lab) => readonly { readonly value: number; readonly apart: number }[];
}

/** Undefined where no more than one of the values has the name of a colour: the attribute is about something else. */
export function colourValues(attribute: Attribute): ColourValues | undefined {
  if (!known.has(attribute)) known.set(attribute, compare(attribute));
  return known.get(attribute);
}
/** Names are compared once per attribute and not once per photo. */
const known = new WeakMap<Attribute, ColourValues | undefined>();

function compare(attribute: Attribute): ColourValues | undefined {
  const anchors = namedColours().flatMap((colour): Anchor[] => {
    const value = valueNamed(attribute, colour);
    return value === undefined ? [] : [{ ...colour, value }];
  });
  if (new Set(anchors.map(({ value }) => value)).size < 2) return undefined;
  const valueNamedBy = new Map(anchors.map(({ en, value }) => [en, value]));
  return {
    valueOf(colour, lab) {
      const value = valueNamedBy.get(colour.en);
      if (value !== undefined) return { value, exact: true };
      const instead = colour.orElse === undefined ? undefined : resolveValue(attribute, colour.orElse);
      return { value: instead ?? nearest(lab, anchors).value, exact: false };
    },
    byDifference(lab) {
      const least = new Map<number, number>();
      for (const anchor of anchors) {
        least.set(anchor.value, Math.min(least.get(anchor.value) ?? Infinity, difference(lab, anchor.lab)));
      }
      return [...least].map(([value, apart]) => ({ value, apart })).sort((a, b) => a.apart - b.apart);
    },
  };
}

function valueNamed(attribute: Attribute, { en, id, kindOf }: NamedColour): number | undefined {
  for (const name of [en, id, ...kindOf]) {
    const value = resolveValue(attribute, name);
    if (value !== undefined) return value;
  }
  return undefined;
}
