/** @file A share with its interval at 95 %, on a scale from 0 to 1. */
import type { Share } from '../api/models.ts';

const WIDTH = 200;

export function IntervalBar({ share: { value, low, high }, label }: { readonly share: Share; readonly label: string }) {
  return (
    <svg viewBox={`0 0 ${WIDTH} 18`} width="100%" height={18} preserveAspectRatio="none" role="img" aria-label={label}>
      <rect x={0} y={6} width={WIDTH} height={6} rx={3} fill="var(--mantine-color-default-border)" />
      <rect
        x={low * WIDTH}
        y={6}
        width={Math.max(2, (high - low) * WIDTH)}
        height={6}
        fill="var(--mantine-color-cyan-5)"
      />
      <rect x={value * WIDTH - 1.5} y={1} width={3} height={16} fill="var(--mantine-primary-color-filled)" />
    </svg>
  );
}
