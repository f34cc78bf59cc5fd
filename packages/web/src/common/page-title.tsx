import { Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';

interface PageTitleProps {
  readonly title: string;
  readonly text: string;
  /** What the page can do as a whole, at its right. */
  readonly children?: ReactNode;
}

/** Name and purpose of a page; the name also stands in the title of the window. */
export function PageTitle({ title, text, children }: PageTitleProps) {
  useEffect(() => {
    document.title = `${title} · busana`;
  }, [title]);
  return (
    <Group justify="space-between" align="flex-end" mb="lg" gap="md">
      <Stack gap={4} maw={720}>
        <Title order={1} size="h2">
          {title}
        </Title>
        <Text c="dimmed">{text}</Text>
      </Stack>
      {children !== undefined && <Group gap="xs">{children}</Group>}
    </Group>
  );
}
