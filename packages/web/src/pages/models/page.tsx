/** @file Models and how they compare; one click decides who answers, one more takes it back. */
import { Button, Stack } from '@mantine/core';
import { LayersIcon, ResetIcon } from '@radix-ui/react-icons';
import { useModels, useRollback } from '../../api/models.ts';
import { Empty } from '../../common/empty.tsx';
import { Failure } from '../../common/failure.tsx';
import { PageTitle } from '../../common/page-title.tsx';
import { useTell } from '../../common/tell.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';
import { ModelCard } from './model-card.tsx';

export function Models() {
  const t = useMessages(messages);
  const tell = useTell();
  const { data, error } = useModels();
  const rollback = useRollback();
  const models = data?.models ?? [];
  return (
    <>
      <PageTitle title={t('title')} text={t('text')}>
        {data !== undefined && data.previous !== null && (
          <Button
            variant="default"
            leftSection={<ResetIcon />}
            loading={rollback.isPending}
            onClick={() =>
              rollback.mutate(undefined, { onSuccess: () => tell.done(t('rolledBack')), onError: tell.failed })
            }
          >
            {t('rollback')}
          </Button>
        )}
      </PageTitle>
      <Stack gap="lg">
        {error !== null && <Failure error={error} />}
        {data !== undefined && models.length === 0 && (
          <Empty icon={<LayersIcon width={26} height={26} />} title={t('emptyTitle')} text={t('emptyText')} />
        )}
        {models.map((model) => (
          <ModelCard
            key={model.id}
            model={model}
            answering={models.find(({ id }) => id === data?.answering) ?? model}
          />
        ))}
      </Stack>
    </>
  );
}
