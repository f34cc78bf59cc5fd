/** @file A few lines over epochs, drawn as SVG; the numbers stand in a table beside it. */
import { Group, Text } from '@mantine/core';
import { ticksOf } from './ticks.ts';

export interface Line {
  readonly name: string;
  /** Per epoch; null where there is none. */
  readonly values: readonly (number | null)[];
}

interface LineChartProps {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  /** Ends of the vertical axis; what the values need, without. */
  readonly range?: readonly [number, number];
}

const [WIDTH, HEIGHT] = [480, 220];
const margin = { left: 48, right: 12, top: 10, bottom: 26 };
const strokes = ['var(--mantine-color-cyan-6)', 'var(--mantine-color-orange-6)', 'var(--mantine-color-grape-5)', 'var(--mantine-color-lime-7)']; // prettier-ignore
const dashes = ['', '6 3', '2 3', '8 3 2 3'];

export function LineChart({ title, lines, format, range }: LineChartProps) {
  const known = lines.flatMap(({ values }) => values.filter((value) => value !== null));
  const epochs = Math.max(1, ...lines.map(({ values }) => values.length));
  const ticks = ticksOf(range ?? [Math.min(...known, 0), Math.max(...known, 0.01)]);
  const [low, high] = [ticks[0]!, ticks.at(-1)!];
  const x = (epoch: number): number =>
    margin.left + ((WIDTH - margin.left - margin.right) * epoch) / Math.max(1, epochs - 1);
  const y = (value: number): number =>
    HEIGHT - margin.bottom - ((HEIGHT - margin.top - margin.bottom) * (value - low)) / (high - low);
  const last = lines.map(({ name, values }) => `${name} ${format(values.findLast((value) => value !== null) ?? 0)}`);
  return (
    <figure style={{ margin: 0 }}>
      <Group justify="space-between" mb={4}>
        <Text size="sm" fw={650} component="figcaption">
          {title}
        </Text>
        <Group gap="sm">
          {lines.map(({ name }, index) => (
            <Group key={name} gap={4}>
              <svg width={22} height={8} aria-hidden>
                <line
                  x1={0}
                  x2={22}
                  y1={4}
                  y2={4}
                  stroke={strokes[index]}
                  strokeWidth={2.5}
                  strokeDasharray={dashes[index]}
                />
              </svg>
              <Text size="xs">{name}</Text>
            </Group>
          ))}
        </Group>
      </Group>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${title}: ${last.join(', ')}`} width="100%">
        {ticks.map((tick) => (
          <g key={tick}>
            <line
              x1={margin.left}
              x2={WIDTH - margin.right}
              y1={y(tick)}
              y2={y(tick)}
              stroke="var(--mantine-color-default-border)"
            />
            <text x={margin.left - 6} y={y(tick) + 4} textAnchor="end" fontSize={11} fill="var(--mantine-color-dimmed)">
              {format(tick)}
            </text>
          </g>
        ))}
        {Array.from({ length: epochs }, (_, epoch) => epoch)
          .filter((epoch) => epoch % Math.ceil(epochs / 12) === 0)
          .map((epoch) => (
            <text
              key={epoch}
              x={x(epoch)}
              y={HEIGHT - 8}
              textAnchor="middle"
              fontSize={11}
              fill="var(--mantine-color-dimmed)"
            >
              {epoch + 1}
            </text>
          ))}
        {lines.map(({ name, values }, index) => {
          const points = values.flatMap((value, epoch) => (value === null ? [] : [`${x(epoch)},${y(value)}`]));
          return (
            <g key={name} stroke={strokes[index]} fill="none" strokeWidth={2.5}>
              <polyline points={points.join(' ')} strokeDasharray={dashes[index]} strokeLinejoin="round" />
              {points.length === 1 && <circle cx={points[0]!.split(',')[0]} cy={points[0]!.split(',')[1]} r={3} />}
            </g>
          );
        })}
      </svg>
    </figure>
  );
}
