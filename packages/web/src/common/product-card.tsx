/** @file A product in a grid. */
import { Badge, Checkbox, Group, Paper, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Card } from '../api/products.ts';
import { useTaxonomy } from '../api/taxonomy.ts';
import { useMessages } from '../i18n/language.tsx';
import { cardMessages } from './messages.ts';
import { StatusBadge } from './status.tsx';
import { Thumbnail } from './thumbnail.tsx';

interface ProductCardProps {
  readonly product: Card;
  /** Without: it cannot be selected. */
  readonly selected?: boolean;
  readonly onSelect?: (selected: boolean) => void;
  readonly badge?: ReactNode;
}

export function ProductCard({ product, selected = false, onSelect, badge }: ProductCardProps) {
  const t = useMessages(cardMessages);
  const { phrase, label } = useTaxonomy();
  const { id, title, labels, status, photo, quantity, contradiction, duplicate_of: original } = product;
  const name = phrase(labels) || title || t('untitled', { id });
  return (
    <Paper withBorder className="product-card" data-selected={selected || undefined} data-product={id}>
      {onSelect !== undefined && (
        <Checkbox
          className="above-link"
          aria-label={t('select', { name: `${name}, ${id}` })}
          checked={selected}
          onChange={({ currentTarget }) => onSelect(currentTarget.checked)}
        />
      )}
      <Thumbnail hash={photo} />
      <Stack gap={4} p="xs">
        <Link href={`/catalogue/${id}`}>
          <Text fw={600} size="sm" lineClamp={2}>
            {name}
          </Text>
        </Link>
        {title !== '' && (
          <Text size="xs" c="dimmed" truncate>
            {title}
          </Text>
        )}
        <Group gap={4}>
          {badge ?? (status !== 'accept' && <StatusBadge status={status} />)}
          {contradiction !== null && (
            <Badge variant="light" color="orange" radius="sm" tt="none" fw={600}>
              {t('contradiction', {
                said: contradiction.said.map((code) => label(contradiction.attribute, code)).join(', '),
              })}
            </Badge>
          )}
          {original !== null && (
            <Badge variant="light" color="blue" radius="sm" tt="none" fw={600}>
              {t('duplicate', { id: original })}
            </Badge>
          )}
          {quantity !== 1 && (
            <Badge variant="default" radius="sm" tt="none" fw={500}>
              {t('pieces', { count: quantity })}
            </Badge>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}
