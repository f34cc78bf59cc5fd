/** @file Products that look like a photo, beside the photo. */
import { Badge, Button, Center, Group, Image, Loader, Stack, Text } from '@mantine/core';
import { ResetIcon } from '@radix-ui/react-icons';
import { useEffect, useState } from 'react';
import { useSearchByPhoto } from '../../api/similar.ts';
import { Failure } from '../../common/failure.tsx';
import { ProductCard } from '../../common/product-card.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { messages } from './messages.ts';

interface ByPhotoProps {
  readonly photo: File;
  readonly onEnd: () => void;
}

export function ByPhoto({ photo, onEnd }: ByPhotoProps) {
  const t = useMessages(messages);
  const { percent } = useNumbers();
  const address = useAddress(photo);
  const { data, error, isPending } = useSearchByPhoto(photo);
  return (
    <Stack gap="md">
      <Group wrap="nowrap">
        {address !== undefined && (
          <Image src={address} alt={photo.name} w={96} h={96} fit="contain" radius="md" bg="white" />
        )}
        <Stack gap={6} align="flex-start">
          <Text fw={650} role="status">
            {t('byPhotoTitle')}
          </Text>
          <Button size="xs" variant="default" leftSection={<ResetIcon />} onClick={onEnd}>
            {t('byPhotoEnd')}
          </Button>
        </Stack>
      </Group>
      {error !== null && <Failure error={error} />}
      {isPending && (
        <Center mih={160}>
          <Loader aria-label={t('byPhoto')} />
        </Center>
      )}
      <ul className="product-grid" data-testid="similar">
        {data?.products.map((product) => (
          <li key={product.id}>
            <ProductCard
              product={product}
              badge={
                <Badge variant="light" radius="sm" tt="none" fw={600}>
                  {t('similarity', { share: percent(Math.max(0, product.similarity)) })}
                </Badge>
              }
            />
          </li>
        ))}
      </ul>
    </Stack>
  );
}

function useAddress(photo: File): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(photo);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [photo]);
  return address;
}
