import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Thumbnail } from '../../common/thumbnail.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

interface ProductPhotoProps {
  /** Content hash of the photo. */
  readonly hash: string;
  /** Undefined of one that has been removed meanwhile. */
  readonly product: number | undefined;
  readonly text?: ReactNode;
}

/** A photo that a finding is about; it leads to its product. */
export function ProductPhoto({ hash, product, text }: ProductPhotoProps) {
  const t = useMessages(messages);
  const name = t('product', { id: product ?? '–' });
  return (
    <figure className="finding">
      {product === undefined ? (
        <Thumbnail hash={hash} />
      ) : (
        <Link href={`/catalogue/${product}`} aria-label={name}>
          <Thumbnail hash={hash} />
        </Link>
      )}
      <figcaption>
        <Text size="xs" fw={600}>
          {name}
        </Text>
        {text !== undefined && <Text size="xs">{text}</Text>}
      </figcaption>
    </figure>
  );
}
