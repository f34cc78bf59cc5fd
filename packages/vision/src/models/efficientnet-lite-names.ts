/** @file The names in files that were converted from TensorFlow without timm: `_blocks.3._depthwise_conv.weight`. */

export interface NamedBlock {
  readonly name: string;
  /** 1: the block has no expanding convolution. */
  readonly expansion: number;
}

const outside: Readonly<Record<string, string>> = {
  _conv_stem: 'conv_stem',
  _bn0: 'bn1',
  _conv_head: 'conv_head',
  _bn1: 'bn2',
  _fc: 'classifier',
};
/** Inside a block; the first block of a network does not expand, and its layers move up by one. */
const inside: Readonly<Record<string, string>> = {
  _expand_conv: 'conv_pw',
  _bn0: 'bn1',
  _depthwise_conv: 'conv_dw',
  _bn1: 'bn2',
  _project_conv: 'conv_pwl',
  _bn2: 'bn3',
};
const withoutExpansion: Readonly<Record<string, string>> = {
  _depthwise_conv: 'conv_dw',
  _bn1: 'bn1',
  _project_conv: 'conv_pw',
  _bn2: 'bn2',
};

/** From the names of such files to those of timm; other names stay. @param blocks in the order of the file */
export function namesOfConvertedFiles(blocks: readonly NamedBlock[]): (name: string) => string {
  return (name) => {
    const [, number, layer, rest] = /^_blocks\.(\d+)\.(_\w+)\.(\w+)$/.exec(name) ?? [];
    if (number !== undefined) {
      const block = blocks[Number(number)];
      const known = (block?.expansion === 1 ? withoutExpansion : inside)[layer!];
      return block === undefined || known === undefined ? name : `${block.name}.${known}.${rest}`;
    }
    const [, top, suffix] = /^(_\w+)\.(\w+)$/.exec(name) ?? [];
    const known = top === undefined ? undefined : outside[top];
    return known === undefined ? name : `${known}.${suffix}`;
  };
}
