import { Group, Paper, Stack, Text } from '@mantine/core';
import type { Card } from '../../api/products.ts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { Thumbnail } from '../../common/thumbnail.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { messages } from './messages.ts';

/** A product as a customer sees it. */
export function Offer({ product: { labels, title, photo, price: amount, quantity } }: { readonly product: Card }) {
  const t = useMessages(messages);
  const { phrase } = useTaxonomy();
  const { price } = useNumbers();
  return (
    <Paper withBorder className="product-card">
      <Thumbnail hash={photo} />
      <Stack gap={2} p="sm">
        <Text fw={600} lineClamp={2}>
          {title || phrase(labels)}
        </Text>
        <Group justify="space-between" gap="xs">
          <Text size="sm" c="dimmed">
            {quantity > 0 ? t('stock', { count: quantity }) : t('gone')}
          </Text>
          {amount !== null && <Text fw={650}>{price(amount)}</Text>}
        </Group>
      </Stack>
    </Paper>
  );
}
