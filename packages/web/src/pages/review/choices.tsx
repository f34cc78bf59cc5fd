/** @file The values of an attribute with their keys, and how likely the model finds each. */
import { Group, Kbd, Paper, Text, UnstyledButton } from '@mantine/core';
import { useTaxonomy, type Attribute } from '../../api/taxonomy.ts';
import { ValueSwatch } from '../../common/swatch.tsx';
import { useNumbers } from '../../i18n/numbers.ts';

interface ChoicesProps {
  readonly attribute: Attribute;
  /** Digits are for this one. */
  readonly active: boolean;
  readonly code: string | undefined;
  readonly classes: Readonly<Record<string, number>>;
  readonly onChoose: (code: string) => void;
}

export function Choices({ attribute: { name, values }, active, code, classes, onChoose }: ChoicesProps) {
  const { title, label } = useTaxonomy();
  const { percent } = useNumbers();
  return (
    <Paper
      withBorder
      p="sm"
      className="choices"
      data-active={active || undefined}
      role="group"
      aria-label={title(name)}
    >
      <Text size="sm" fw={650} mb={6}>
        {title(name)}
      </Text>
      <Group gap="xs">
        {values.map((value, place) => (
          <UnstyledButton
            key={value.code}
            className="choice"
            aria-pressed={value.code === code}
            data-choice={`${name}=${value.code}`}
            onClick={() => onChoose(value.code)}
          >
            {active && place < 9 && <Kbd size="xs">{place + 1}</Kbd>}
            <ValueSwatch attribute={name} code={value.code} />
            {label(name, value.code)}
            {classes[value.code] !== undefined && (
              <Text span size="xs" c="dimmed">
                {percent(classes[value.code]!)}
              </Text>
            )}
          </UnstyledButton>
        ))}
      </Group>
    </Paper>
  );
}
