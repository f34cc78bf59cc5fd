import { Anchor, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useMessages } from '../i18n/language.tsx';
import { cardMessages } from './messages.ts';

/** Leads to the earlier product with the same picture. */
export function SamePicture({ id }: { readonly id: number }) {
  const t = useMessages(cardMessages);
  return (
    <Text size="sm">
      <Anchor component={Link} href={`/catalogue/${id}`} inherit underline="always">
        {t('samePicture', { id })}
      </Anchor>
    </Text>
  );
}
