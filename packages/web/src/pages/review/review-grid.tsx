/** @file Many at once: what looks right is confirmed together, what is wrong in the same way is corrected together. */
import { Badge, Button, Center, Group, Stack } from '@mantine/core';
import { CheckIcon } from '@radix-ui/react-icons';
import { useState } from 'react';
import type { ReviewItem } from '../../api/review.ts';
import { ProductCard } from '../../common/product-card.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { BulkEdit } from '../catalogue/bulk-edit.tsx';
import { messages } from './messages.ts';
import type { Session } from './session.ts';

interface ReviewGridProps {
  readonly items: readonly ReviewItem[];
  readonly session: Session;
  readonly onMore: (() => void) | undefined;
}

export function ReviewGrid({ items, session, onMore }: ReviewGridProps) {
  const t = useMessages(messages);
  const { percent } = useNumbers();
  const [selected, setSelected] = useState<readonly number[]>([]);
  const waiting = items.filter(({ product }) => !session.judged.has(product.id));
  const chosen = waiting.filter(({ product }) => selected.includes(product.id));
  const confirm = (): void => {
    for (const item of chosen) session.confirm(item);
    setSelected([]);
  };
  return (
    <Stack>
      {chosen.length > 0 && (
        <>
          <BulkEdit
            ids={chosen.map(({ product }) => product.id)}
            onNone={() => setSelected([])}
            onAll={() => setSelected(waiting.map(({ product }) => product.id))}
            onDone={(labels) => {
              session.mark(chosen, labels);
              setSelected([]);
            }}
          />
          <Group>
            <Button leftSection={<CheckIcon />} onClick={confirm}>
              {t('confirmMany', { count: chosen.length })}
            </Button>
          </Group>
        </>
      )}
      <ul className="product-grid">
        {waiting.map((item) => (
          <li key={item.product.id}>
            <ProductCard
              product={item.product}
              selected={selected.includes(item.product.id)}
              onSelect={(on) =>
                setSelected(on ? [...selected, item.product.id] : selected.filter((id) => id !== item.product.id))
              }
              badge={
                item.joint_confidence !== null && (
                  <Badge variant="light" color="yellow" radius="sm" tt="none" fw={600}>
                    {percent(item.joint_confidence)}
                  </Badge>
                )
              }
            />
          </li>
        ))}
      </ul>
      {onMore !== undefined && (
        <Center>
          <Button variant="default" onClick={onMore}>
            {t('more')}
          </Button>
        </Center>
      )}
    </Stack>
  );
}
