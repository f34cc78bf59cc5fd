/** @file The catalogue as files that other programs take. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { DownloadIcon } from '@radix-ui/react-icons';
import { addressOf } from '../../api/client.ts';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

const formats = ['csv', 'shopify', 'woocommerce', 'submission'] as const;

export function Exports() {
  const t = useMessages(messages);
  return (
    <Stack gap="sm">
      {formats.map((format) => (
        <Group key={format} justify="space-between" wrap="nowrap">
          <div>
            <Text fw={600}>{t(format)}</Text>
            <Text size="sm" c="dimmed">
              {t(`${format}Text`)}
            </Text>
          </div>
          <Button
            component="a"
            href={addressOf('/exports/products', { format })}
            download
            variant="default"
            size="xs"
            leftSection={<DownloadIcon />}
            aria-label={t('download', { name: t(format) })}
            style={{ flexShrink: 0 }}
          >
            {t(format)}
          </Button>
        </Group>
      ))}
    </Stack>
  );
}
