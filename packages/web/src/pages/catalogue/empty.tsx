import { Button, Group } from '@mantine/core';
import { GridIcon, MagnifyingGlassIcon, UploadIcon } from '@radix-ui/react-icons';
import { Link } from 'wouter';
import { DemoButton } from '../../common/demo-button.tsx';
import { Empty } from '../../common/empty.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

export function EmptyCatalogue() {
  const t = useMessages(messages);
  return (
    <Empty icon={<GridIcon width={26} height={26} />} title={t('emptyTitle')} text={t('emptyText')}>
      <Group justify="center" mt="sm">
        <Button component={Link} href="/transfer" leftSection={<UploadIcon />}>
          {t('import')}
        </Button>
        <DemoButton />
      </Group>
    </Empty>
  );
}

export function NonePasses() {
  const t = useMessages(messages);
  return <Empty icon={<MagnifyingGlassIcon width={26} height={26} />} title={t('noneTitle')} text={t('noneText')} />;
}
