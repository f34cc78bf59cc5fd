/** @file Colours, type and habits of all components. */
import { Alert, createTheme, defaultVariantColorsResolver, type CSSVariablesResolver } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'cyan',
  primaryShade: { light: 9, dark: 4 },
  autoContrast: true,
  defaultRadius: 'md',
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '650' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  // What is filled is dark on a light page and light on a dark one, and so is its text the other way round.
  variantColorResolver: (input) => {
    const colours = defaultVariantColorsResolver(input);
    const filled = input.variant === 'filled' && (input.color ?? 'cyan') === 'cyan';
    return filled ? { ...colours, color: 'var(--mantine-primary-color-contrast)' } : colours;
  },
  components: {
    Alert: Alert.extend({ styles: { title: { color: 'inherit' }, root: { color: 'var(--mantine-color-text)' } } }),
  },
});

/** Colours that texts on a light ground of the same colour have. */
const tinted = ['cyan', 'teal', 'yellow', 'red', 'grape', 'gray'];
const tints = (shade: number, mixed: string): Record<string, string> =>
  Object.fromEntries(
    tinted.map((colour) => [
      `--mantine-color-${colour}-light-color`,
      `color-mix(in srgb, var(--mantine-color-${colour}-${shade}) 60%, ${mixed})`,
    ]),
  );

/** Quiet text that is still dark enough to be read (WCAG 2.2, 1.4.3: a contrast of 4.5). */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...tints(9, 'black'),
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-7)',
    '--busana-ground': 'var(--mantine-color-gray-0)',
    '--busana-placeholder': 'var(--mantine-color-gray-1)',
  },
  dark: {
    ...tints(2, 'white'),
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-1)',
    '--busana-ground': 'var(--mantine-color-dark-8)',
    '--busana-placeholder': 'var(--mantine-color-dark-5)',
  },
});
