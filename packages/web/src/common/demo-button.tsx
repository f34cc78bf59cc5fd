/** @file Loads the demo catalogue, or removes it when it is there. */
import { Button } from '@mantine/core';
import { MagicWandIcon, TrashIcon } from '@radix-ui/react-icons';
import { useLocation } from 'wouter';
import { useDemo, useLoadDemo, useRemoveDemo } from '../api/demo.ts';
import { useMessages } from '../i18n/language.tsx';
import { demoMessages } from './messages.ts';
import { useTell } from './tell.tsx';

export function DemoButton() {
  const t = useMessages(demoMessages);
  const tell = useTell();
  const [, navigate] = useLocation();
  const { data } = useDemo();
  const [load, remove] = [useLoadDemo(), useRemoveDemo()];
  if (data?.loaded === true) {
    const onSuccess = (): void => tell.done(t('removed'));
    return (
      <Button
        variant="default"
        leftSection={<TrashIcon />}
        loading={remove.isPending}
        onClick={() => remove.mutate(undefined, { onSuccess, onError: tell.failed })}
      >
        {t('remove')}
      </Button>
    );
  }
  return (
    <Button
      variant="default"
      leftSection={<MagicWandIcon />}
      loading={load.isPending}
      onClick={() =>
        load.mutate(undefined, { onSuccess: ({ id }) => navigate(`/transfer?import=${id}`), onError: tell.failed })
      }
    >
      {t('load')}
    </Button>
  );
}
