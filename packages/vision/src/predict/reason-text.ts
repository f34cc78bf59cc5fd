/** @file Reasons in English, as the command line and tables have them. */
import type { Attribute, Reason } from '@busana/contracts';
import { bothNames } from '../colour/names.ts';
import { labelOf } from '../taxonomy/names.ts';

export function reasonText(reason: Reason, { attributes }: { readonly attributes: readonly Attribute[] }): string {
  const label = (attribute: string, code: string): string => {
    const value = attributes.find(({ name }) => name === attribute)?.values.find((one) => one.code === code);
    return value === undefined ? code : labelOf(value);
  };
  switch (reason.code) {
    case 'unfamiliar':
      return `unlike all photos the model has learnt from: no garment of this catalogue? (distance ${reason.distance.toFixed(2)}, at most ${reason.familiar.toFixed(2)} is familiar)`;
    case 'unsure':
      return `unsure about ${reason.attribute}: ${label(reason.attribute, reason.value)} ${(reason.confidence * 100).toFixed(0)} %`;
    case 'pixels-object':
      return `predicted ${label(reason.attribute, reason.value)}, pixels say ${bothNames(reason.colour)}`;
    case 'colour-without-value':
      return `${bothNames(reason.colour)}, which no value is called`;
    case 'between-values': {
      const [first, second] = reason.values.map((code) => label(reason.attribute, code));
      return `${bothNames(reason.colour)} lies between ${first} and ${second}`;
    }
    case 'heather':
      return 'heather (misty): yarn of light and dark blended';
    case 'stripes':
      return `stripes of ${bothNames(reason.colours[0])} and ${bothNames(reason.colours[1])}`;
    case 'two-halves': {
      const [left, right] = reason.values.map((code) => label(reason.attribute, code));
      return `two garments or halves: ${left} on the left, ${right} on the right`;
    }
    case 'several-pictures':
      return 'several pictures in one';
    case 'banner':
      return 'a banner or frame over the photo';
    case 'lettering':
      return 'lettering beside the garment';
    case 'title-contradicts': {
      const said = reason.said.map((code) => label(reason.attribute, code)).join(', ');
      return `the title says ${said}, the photo ${label(reason.attribute, reason.value)}`;
    }
    case 'banner-decides':
      return `a banner decides: ${reason.attribute} ${label(reason.attribute, reason.value)} falls ${change(reason)} without it`;
    case 'background-decides':
      return `the background decides: ${reason.attribute} ${label(reason.attribute, reason.value)} falls ${change(reason)} on a plain one`;
    case 'beside-garment':
      return `only ${Math.round(reason.share * 100)} % of what speaks about ${reason.attribute} ${label(reason.attribute, reason.value)} lies on the garment`;
  }
}

function change({ from, to }: { readonly from: number; readonly to: number }): string {
  return `from ${from.toFixed(2)} to ${to.toFixed(2)}`;
}
