import { Center } from '@mantine/core';
import { ImageIcon } from '@radix-ui/react-icons';
import { Photo } from './photo.tsx';

/** A photo of the catalogue, small; what is on it stands beside it in words. */
export function Thumbnail({ hash }: { readonly hash: string | null }) {
  if (hash === null) {
    return (
      <Center className="photo">
        <ImageIcon width={32} height={32} color="gray" />
      </Center>
    );
  }
  return <Photo src={`/api/v1/photos/${hash}/thumbnail`} alt="" loading="lazy" decoding="async" />;
}
