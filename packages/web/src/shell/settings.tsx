/** @file Language and colours. */
import { ActionIcon, Group, SegmentedControl, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { MoonIcon, SunIcon } from '@radix-ui/react-icons';
import { useLanguage, useMessages } from '../i18n/language.tsx';
import { languages } from '../i18n/messages.ts';
import { shellMessages } from './messages.ts';

export function Settings() {
  const t = useMessages(shellMessages);
  const { language, choose } = useLanguage();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark';
  return (
    <Group gap="xs" wrap="nowrap">
      <SegmentedControl
        size="xs"
        aria-label={t('language')}
        data={languages.map((value) => ({ value, label: value.toUpperCase() }))}
        value={language}
        onChange={(value) => choose(value === 'id' ? 'id' : 'en')}
      />
      <ActionIcon
        variant="default"
        size="lg"
        aria-label={t(dark ? 'light' : 'dark')}
        onClick={() => setColorScheme(dark ? 'light' : 'dark')}
      >
        {dark ? <SunIcon /> : <MoonIcon />}
      </ActionIcon>
    </Group>
  );
}
