import { Text, type TextProps } from '@mantine/core';
import type { Reason } from '@busana/contracts';
import { useTaxonomy } from '../api/taxonomy.ts';
import { sayReasons } from './reasons.ts';

interface ReasonListProps extends Pick<TextProps, 'size'> {
  readonly doubts: readonly Reason[];
  /** The same in English. */
  readonly reasons: readonly string[];
}

/** Why the model doubts, a line each. */
export function ReasonList({ size = 'sm', ...told }: ReasonListProps) {
  const { reason } = useTaxonomy();
  return sayReasons(reason, told).map((one) => (
    <Text key={one} size={size}>
      {one}
    </Text>
  ));
}
