/** @file The analysis of the catalogue. */
import { Button, Paper, Progress, Stack, Text } from '@mantine/core';
import { BarChartIcon } from '@radix-ui/react-icons';
import { useAnalysis, useStartAnalysis, type CatalogueAnalysis, type Findings as Found } from '../../api/analysis.ts';
import { Empty } from '../../common/empty.tsx';
import { Failure } from '../../common/failure.tsx';
import { PageTitle } from '../../common/page-title.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { AttributePairs } from './attribute-pairs.tsx';
import { Counts } from './counts.tsx';
import { Findings } from './findings.tsx';
import { Measures } from './measures.tsx';
import { messages, stepMessages } from './messages.ts';

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
        {data !== undefined && data.analysis !== null && data.state !== 'running' && button('again')}
      </PageTitle>
      <Stack gap="lg">
        {error !== null && <Failure error={error} />}
        {start.error !== null && <Failure error={start.error} />}
        {data?.state === 'failed' && <Failure error={new Error(data.reason)} />}
        {(data?.state === 'none' || (data?.state === 'failed' && data.analysis === null)) && (
          <Empty icon={<BarChartIcon width={26} height={26} />} title={t('emptyTitle')} text={t('emptyText')}>
            {button('start')}
          </Empty>
        )}
        {data?.state === 'running' && <Running progress={data.progress} />}
        {data !== undefined && data.finished_at !== null && (
          <Text size="sm" c="dimmed">
            {t('at', { time: time(data.finished_at) })}
          </Text>
        )}
        {data !== undefined && data.analysis !== null && <Report found={data} analysis={data.analysis} />}
      </Stack>
    </>
  );
}

function Running({ progress }: { readonly progress: CatalogueAnalysis['progress'] }) {
  const t = useMessages(messages);
  const name = useMessages(stepMessages);
  const text = progress === null ? t('running') : t('step', { ...progress, step: name(progress.step) });
  return (
    <Paper withBorder p="lg">
      <Text fw={650} mb="xs" role="status">
        {text}
      </Text>
      <Progress
        value={progress === null || progress.total === 0 ? 100 : (100 * progress.done) / progress.total}
        animated
        aria-label={text}
      />
    </Paper>
  );
}

interface ReportProps {
  readonly found: CatalogueAnalysis;
  readonly analysis: Found;
}

function Report({ found, analysis }: ReportProps) {
  return (
    <>
      <Counts attributes={analysis.attributes} />
      <AttributePairs pairs={analysis.pairs} />
      <Findings analysis={analysis} found={found} />
      {analysis.files !== null && <Measures files={analysis.files} products={found.products} />}
    </>
  );
}
