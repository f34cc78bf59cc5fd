/** @file What the words of a search were taken for. */
import { Badge, Group, Text } from '@mantine/core';
import type { ProductPage } from '../../api/products.ts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

export function Understood({ understood: { labels, words } }: { readonly understood: ProductPage['understood'] }) {
  const t = useMessages(messages);
  const { title, label } = useTaxonomy();
  if (Object.keys(labels).length === 0 && words.length === 0) return null;
  return (
    <Group gap={6}>
      <Text size="sm" c="dimmed">
        {t('understood')}
      </Text>
      {Object.entries(labels).map(([name, codes]) => (
        <Badge key={name} variant="light" tt="none" radius="sm" fw={550}>
          {title(name)}: {codes.map((code) => label(name, code)).join(', ')}
        </Badge>
      ))}
      {words.length > 0 && (
        <Badge variant="light" color="gray" tt="none" radius="sm" fw={550}>
          {t('words', { words: words.join(' ') })}
        </Badge>
      )}
    </Group>
  );
}
