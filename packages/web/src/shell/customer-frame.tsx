/** @file What stands around the shop window: the shop's own pages are a small link away. */
import { Anchor, Box, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useMessages } from '../i18n/language.tsx';
import { Logo } from './logo.tsx';
import { shellMessages } from './messages.ts';
import { Settings } from './settings.tsx';

export function CustomerFrame({ children }: { readonly children: ReactNode }) {
  const t = useMessages(shellMessages);
  return (
    <>
      <Box
        component="header"
        bg="var(--mantine-color-body)"
        style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
      >
        <Group justify="space-between" px="md" h={56} wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Logo />
            <Text fw={700} size="lg">
              busana
            </Text>
          </Group>
          <Group gap="md" wrap="nowrap">
            <Anchor component={Link} href="/catalogue" size="sm">
              {t('own')}
            </Anchor>
            <Settings />
          </Group>
        </Group>
      </Box>
      <Box component="main" p={{ base: 'md', md: 'xl' }}>
        {children}
      </Box>
    </>
  );
}
