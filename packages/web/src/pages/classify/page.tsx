/** @file Photos in, labels out. */
import { Button, SimpleGrid, Stack, VisuallyHidden } from '@mantine/core';
import { Cross2Icon } from '@radix-ui/react-icons';
import { DropZone } from '../../photos/drop-zone.tsx';
import { PageTitle } from '../../common/page-title.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';
import { ReadingCard } from './reading-card.tsx';
import { useReadings } from './readings.ts';

export function Classify() {
  const t = useMessages(messages);
  const { photos, add, remove } = useReadings();
  return (
    <>
      <PageTitle title={t('title')} text={t('text')}>
        {photos.length > 0 && (
          <Button variant="default" leftSection={<Cross2Icon />} onClick={() => remove(photos.map(({ id }) => id))}>
            {t('clear')}
          </Button>
        )}
      </PageTitle>
      <Stack gap="lg">
        <DropZone onFiles={add} />
        <section aria-live="polite">
          {photos.length > 0 && <VisuallyHidden component="h2">{t('results')}</VisuallyHidden>}
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3, xl: 4 }}>
            {photos.map((photo) => (
              <ReadingCard key={photo.id} photo={photo} onRemove={() => remove([photo.id])} />
            ))}
          </SimpleGrid>
        </section>
      </Stack>
    </>
  );
}
