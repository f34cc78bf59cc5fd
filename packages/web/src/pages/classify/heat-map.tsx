/** @file Where the model looks, drawn when somebody asks. */
import { Button, Image, SimpleGrid, Stack, Text } from '@mantine/core';
import { EyeOpenIcon } from '@radix-ui/react-icons';
import { useExplanation } from '../../api/explanations.ts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { Failure } from '../../common/failure.tsx';
import { ReasonList } from '../../common/reason-list.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { messages } from './messages.ts';

export function HeatMap({ file }: { readonly file: File }) {
  const t = useMessages(messages);
  const { title, label } = useTaxonomy();
  const { percent } = useNumbers();
  const { data, error, isPending, mutate } = useExplanation();
  if (data === undefined) {
    return (
      <Stack gap="xs">
        <Button
          variant="light"
          size="xs"
          leftSection={<EyeOpenIcon />}
          loading={isPending}
          onClick={() => mutate(file)}
        >
          {t('explain')}
        </Button>
        {error !== null && <Failure error={error} />}
      </Stack>
    );
  }
  return (
    <SimpleGrid cols={2} spacing="xs">
      {data.attributes.map(({ name, code, overlay, share_on_garment: share, warnings, doubts }) => (
        <figure key={name} style={{ margin: 0 }}>
          <Image src={overlay} alt={t('overlay', { label: label(name, code) })} radius="sm" />
          <figcaption>
            <Text size="xs" fw={650}>
              {title(name)}: {label(name, code)}
            </Text>
            {share !== null && (
              <Text size="xs" c="dimmed">
                {t('share', { share: percent(share) })}
              </Text>
            )}
            <ReasonList size="xs" doubts={doubts} reasons={warnings} />
          </figcaption>
        </figure>
      ))}
    </SimpleGrid>
  );
}
