import { Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface SectionProps {
  readonly title: string;
  /** What it is about. */
  readonly text?: string;
  readonly children: ReactNode;
}

/** A part of a page with its name. */
export function Section({ title, text, children }: SectionProps) {
  return (
    <Paper withBorder p="lg" component="section" aria-label={title}>
      <Title order={2} size="h4" mb={text === undefined ? 'md' : 4}>
        {title}
      </Title>
      {text !== undefined && (
        <Text c="dimmed" size="sm" mb="md">
          {text}
        </Text>
      )}
      {children}
    </Paper>
  );
}
