/** @file What stands around every page of the shop's own people: its name, the pages, language and colours. */
import { AppShell, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useMessages } from '../i18n/language.tsx';
import { Logo } from './logo.tsx';
import { shellMessages } from './messages.ts';
import { Navigation } from './navigation.tsx';
import { Settings } from './settings.tsx';
import { SignedIn } from './signed-in.tsx';

export function Frame({ children }: { readonly children: ReactNode }) {
  const t = useMessages(shellMessages);
  const [open, { toggle, close }] = useDisclosure();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !open } }}
      padding={{ base: 'md', md: 'xl' }}
    >
      <a className="skip-link" href="#content">
        {t('skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={open}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t('menu')}
              aria-expanded={open}
            />
            <Logo />
            <Text fw={700} size="lg">
              busana
            </Text>
          </Group>
          <Settings />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={t('pages')}>
        <Navigation onNavigate={close} />
        <SignedIn />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        {children}
      </AppShell.Main>
    </AppShell>
  );
}
