/** @file The pages, in the order of work: read, keep, correct, learn. */
import { NavLink } from '@mantine/core';
import { ActivityLogIcon, BackpackIcon, BarChartIcon, CheckCircledIcon, EyeOpenIcon, GearIcon, GridIcon, LayersIcon, UploadIcon } from '@radix-ui/react-icons'; // prettier-ignore
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useSession } from '../api/session.ts';
import { useMessages } from '../i18n/language.tsx';
import { shellMessages } from './messages.ts';

const size = { width: 18, height: 18 };
interface Entry {
  readonly path: string;
  readonly name: keyof typeof shellMessages;
  readonly icon: ReactNode;
  /** Nothing to others. */
  readonly admin?: true;
}
const pages: readonly Entry[] = [
  { path: '/', name: 'classify', icon: <EyeOpenIcon {...size} /> },
  { path: '/catalogue', name: 'catalogue', icon: <GridIcon {...size} /> },
  { path: '/review', name: 'review', icon: <CheckCircledIcon {...size} /> },
  { path: '/train', name: 'train', icon: <ActivityLogIcon {...size} /> },
  { path: '/models', name: 'models', icon: <LayersIcon {...size} /> },
  { path: '/data', name: 'data', icon: <BarChartIcon {...size} /> },
  { path: '/transfer', name: 'transfer', icon: <UploadIcon {...size} /> },
  { path: '/jobs', name: 'jobs', icon: <GearIcon {...size} />, admin: true },
  { path: '/window', name: 'window', icon: <BackpackIcon {...size} /> },
];

export function Navigation({ onNavigate }: { readonly onNavigate: () => void }) {
  const t = useMessages(shellMessages);
  const [location] = useLocation();
  const { data: session } = useSession();
  const own = pages.filter(({ admin }) => admin === undefined || session?.role === 'admin');
  return own.map(({ path, name, icon }) => {
    const active = path === '/' ? location === '/' : location.startsWith(path);
    return (
      <NavLink
        key={path}
        component={Link}
        href={path}
        label={t(name)}
        leftSection={icon}
        active={active}
        aria-current={active ? 'page' : undefined}
        onClick={onNavigate}
        style={{ borderRadius: 'var(--mantine-radius-md)' }}
      />
    );
  });
}
