/** @file One photo with what was read from it. */
import { ActionIcon, Alert, Card, Group, Image, Loader, Stack, Text, Tooltip } from '@mantine/core';
import { Cross2Icon } from '@radix-ui/react-icons';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { Failure } from '../../common/failure.tsx';
import { Probabilities } from '../../common/probabilities.tsx';
import { ReasonList } from '../../common/reason-list.tsx';
import { StatusBadge } from '../../common/status.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import type { Reading } from '../../api/predictions.ts';
import { HeatMap } from './heat-map.tsx';
import { messages } from './messages.ts';
import type { PhotoReading } from './readings.ts';

interface ReadingCardProps {
  readonly photo: PhotoReading;
  readonly onRemove: () => void;
}

export function ReadingCard({ photo: { file, address, reading, error }, onRemove }: ReadingCardProps) {
  const t = useMessages(messages);
  return (
    <Card withBorder radius="lg" padding="md" component="article" aria-label={file.name}>
      <Card.Section pos="relative">
        <Image src={address} alt={file.name} h={220} fit="contain" bg="white" />
        <ActionIcon
          pos="absolute"
          top={8}
          right={8}
          variant="default"
          radius="xl"
          aria-label={t('remove', { name: file.name })}
          onClick={onRemove}
        >
          <Cross2Icon />
        </ActionIcon>
      </Card.Section>
      <Stack gap="sm" mt="md">
        {error !== undefined && <Failure error={error} />}
        {error === undefined && reading === undefined && (
          <Group gap="sm">
            <Loader size="sm" aria-label={t('reading')} />
            <Text c="dimmed">{t('reading')}</Text>
          </Group>
        )}
        {reading !== undefined && (
          <>
            <Answer reading={reading} />
            <HeatMap file={file} />
          </>
        )}
        <Text size="xs" c="dimmed" truncate>
          {file.name}
          {reading !== undefined && ` · ${t('time', { milliseconds: reading.milliseconds })}`}
        </Text>
      </Stack>
    </Card>
  );
}

function Answer({ reading: { attributes, joint_confidence, status, reasons, doubts } }: { readonly reading: Reading }) {
  const t = useMessages(messages);
  const { phrase } = useTaxonomy();
  const { percent } = useNumbers();
  const labels = Object.fromEntries(attributes.map(({ name, code }) => [name, code]));
  return (
    <>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text fw={700} size="xl" lh={1.2} data-testid="phrase">
          {phrase(labels)}
        </Text>
        <StatusBadge status={status} />
      </Group>
      {attributes.map(({ name, code, probability, classes = { [code]: probability } }) => (
        <Probabilities key={name} attribute={name} classes={classes} />
      ))}
      <Tooltip label={t('jointHint')} multiline w={260} withArrow events={{ hover: true, focus: true, touch: true }}>
        <Group justify="space-between" tabIndex={0}>
          <Text size="sm" td="underline dotted">
            {t('joint')}
          </Text>
          <Text size="sm" fw={700}>
            {percent(joint_confidence, 1)}
          </Text>
        </Group>
      </Tooltip>
      {reasons.length > 0 && (
        <Alert color="yellow" p="xs" title={t('why')}>
          <ReasonList doubts={doubts} reasons={reasons} />
        </Alert>
      )}
    </>
  );
}
