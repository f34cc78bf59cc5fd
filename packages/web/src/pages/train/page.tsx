/** @file Trainings on the catalogue: begun here, followed epoch by epoch. */
import { Button, Stack, Title } from '@mantine/core';
import { ActivityLogIcon } from '@radix-ui/react-icons';
import { Link } from 'wouter';
import { useTrainings } from '../../api/trainings.ts';
import { Empty } from '../../common/empty.tsx';
import { Failure } from '../../common/failure.tsx';
import { PageTitle } from '../../common/page-title.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';
import { StartForm } from './start-form.tsx';
import { TrainingCard } from './training-card.tsx';

export function Train() {
  const t = useMessages(messages);
  const { data, error } = useTrainings();
  return (
    <>
      <PageTitle title={t('title')} text={t('text')} />
      <Stack gap="lg">
        <StartForm />
        {error !== null && <Failure error={error} />}
        {data?.trainings.length === 0 && (
          <Empty icon={<ActivityLogIcon width={26} height={26} />} title={t('emptyTitle')} text={t('emptyText')}>
            <Button component={Link} href="/review">
              {t('toReview')}
            </Button>
          </Empty>
        )}
        {data !== undefined && data.trainings.length > 0 && (
          <Title order={2} size="h4">
            {t('runs')}
          </Title>
        )}
        {data?.trainings.map((training) => (
          <TrainingCard key={training.id} training={training} />
        ))}
      </Stack>
    </>
  );
}
