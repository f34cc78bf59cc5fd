/** @file The analysis of the catalogue. */
import { Button, Center, Group, Loader, Stack, Text } from '@mantine/core';
import { BarChartIcon } from '@radix-ui/react-icons';
import { useAnalysis, useStartAnalysis, type CatalogueAnalysis } from '../../api/analysis.ts';
import { Empty } from '../../common/empty.tsx';
import { Failure } from '../../common/failure.tsx';
import { PageTitle } from '../../common/page-title.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { AttributePairs } from './attribute-pairs.tsx';
import { Counts } from './counts.tsx';
import { Findings } from './findings.tsx';
import { messages } from './messages.ts';

export function Data() {
  const t = useMessages(messages);
  const { time } = useNumbers();
  const { data, error } = useAnalysis();
  const start = useStartAnalysis();
  const button = (text: 'start' | 'again') => (
    <Button loading={start.isPending} onClick={() => start.mutate()}>
      {t(text)}
    </Button>
  );
  return (
    <>
      <PageTitle title={t('title')} text={t('text')}>
        {data?.state === 'done' && button('again')}
      </PageTitle>
      <Stack gap="lg">
        {error !== null && <Failure error={error} />}
        {start.error !== null && <Failure error={start.error} />}
        {data?.state === 'failed' && <Failure error={new Error(data.reason)} />}
        {(data?.state === 'none' || data?.state === 'failed') && (
          <Empty icon={<BarChartIcon width={26} height={26} />} title={t('emptyTitle')} text={t('emptyText')}>
            {button('start')}
          </Empty>
        )}
        {data?.state === 'running' && (
          <Center mih={160} role="status">
            <Group>
              <Loader aria-hidden />
              <Text>{t('running')}</Text>
            </Group>
          </Center>
        )}
        {data?.finished_at !== null && data?.state === 'done' && (
          <Text size="sm" c="dimmed">
            {t('at', { time: time(data.finished_at) })}
          </Text>
        )}
        {data !== undefined && data.analysis !== null && <Report found={data} analysis={data.analysis} />}
      </Stack>
    </>
  );
}

interface ReportProps {
  readonly found: CatalogueAnalysis;
  readonly analysis: NonNullable<CatalogueAnalysis['analysis']>;
}

function Report({ found, analysis }: ReportProps) {
  return (
    <>
      <Counts attributes={analysis.attributes} />
      <AttributePairs pairs={analysis.pairs} />
      <Findings analysis={analysis} products={found.products} />
    </>
  );
}
