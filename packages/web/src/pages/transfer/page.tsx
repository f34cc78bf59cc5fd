/** @file Photos and tables in, the catalogue out. */
import { SimpleGrid, Stack } from '@mantine/core';
import { useLocation, useSearch } from 'wouter';
import { useStartImport } from '../../api/imports.ts';
import { DemoButton } from '../../common/demo-button.tsx';
import { Failure } from '../../common/failure.tsx';
import { PageTitle } from '../../common/page-title.tsx';
import { Section } from '../../common/section.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { DropZone } from '../../photos/drop-zone.tsx';
import { Exports } from './exports.tsx';
import { FolderForm } from './folder-form.tsx';
import { ImportProgress, Sending } from './import-progress.tsx';
import { messages } from './messages.ts';

export function Transfer() {
  const t = useMessages(messages);
  const [, navigate] = useLocation();
  const id = Number(new URLSearchParams(useSearch()).get('import') ?? '');
  const start = useStartImport();
  const begin = (given: readonly File[] | string): void => {
    start.mutate(given, { onSuccess: (begun) => navigate(`/transfer?import=${begun.id}`) });
  };
  const sending = start.isPending && typeof start.variables === 'object' ? start.variables.length : undefined;
  return (
    <>
      <PageTitle title={t('title')} text={t('text')} />
      <Stack gap="lg">
        {sending !== undefined && <Sending files={sending} />}
        {sending === undefined && id > 0 && <ImportProgress key={id} id={id} />}
        {start.error !== null && <Failure error={start.error} />}
        <Section title={t('import')}>
          <Stack>
            <DropZone
              onFiles={begin}
              accept="image/*,.zip,.csv"
              title={t('drop')}
              hint={t('dropHint')}
              choose={t('choose')}
              camera={false}
            />
            <FolderForm onFolder={begin} />
          </Stack>
        </Section>
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Section title={t('export')} text={t('exportText')}>
            <Exports />
          </Section>
          <Section title={t('demo')} text={t('demoText')}>
            <DemoButton />
          </Section>
        </SimpleGrid>
      </Stack>
    </>
  );
}
