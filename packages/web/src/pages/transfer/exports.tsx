/** @file The catalogue as files that other programs take. */
import { Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { DownloadIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import { addressOfExport, formats, useSubmission } from '../../api/exports.ts';
import { Failure } from '../../common/failure.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

export function Exports() {
  const t = useMessages(messages);
  return (
    <Stack gap="sm">
      {formats.map((format) => (
        <Row key={format} format={format}>
          <Button
            component="a"
            href={addressOfExport(format)}
            download
            variant="default"
            size="xs"
            leftSection={<DownloadIcon />}
            aria-label={t('download', { name: t(format) })}
          >
            {t('downloadShort')}
          </Button>
        </Row>
      ))}
      <Submission />
    </Stack>
  );
}

/** The competition says by a sample which photos it wants, and in which order. */
function Submission() {
  const t = useMessages(messages);
  const fill = useSubmission();
  const choose = (sample: File | null): void => {
    if (sample !== null) fill.mutate(sample, { onSuccess: (file) => save(file, 'submission.csv') });
  };
  return (
    <>
      <Row format="submission">
        <FileButton onChange={choose} accept=".csv" inputProps={{ 'aria-label': t('sample') }}>
          {(props) => (
            <Button {...props} variant="default" size="xs" leftSection={<DownloadIcon />} loading={fill.isPending}>
              {t('sample')}
            </Button>
          )}
        </FileButton>
      </Row>
      {fill.error !== null && <Failure error={fill.error} />}
    </>
  );
}

interface RowProps {
  readonly format: (typeof formats)[number] | 'submission';
  readonly children: ReactNode;
}

function Row({ format, children }: RowProps) {
  const t = useMessages(messages);
  return (
    <Group justify="space-between" wrap="nowrap">
      <div>
        <Text fw={600}>{t(format)}</Text>
        <Text size="sm" c="dimmed">
          {t(`${format}Text`)}
        </Text>
      </div>
      <div style={{ flexShrink: 0 }}>{children}</div>
    </Group>
  );
}

/** As a download, like any other file. */
function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
}
