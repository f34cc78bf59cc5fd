/** @file One product at a time, all by keyboard. */
import { Alert, Badge, Button, Grid, Group, Paper, Stack, Text, VisuallyHidden } from '@mantine/core';
import { ArrowLeftIcon, ArrowRightIcon, CheckIcon, ResetIcon } from '@radix-ui/react-icons';
import { useState } from 'react';
import type { ReviewItem } from '../../api/review.ts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { Photo } from '../../common/photo.tsx';
import { ReasonList } from '../../common/reason-list.tsx';
import { SamePicture } from '../../common/same-picture.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { Choices } from './choices.tsx';
import { KeyHelp } from './key-help.tsx';
import type { Action } from './keys.ts';
import { messages } from './messages.ts';
import type { Session } from './session.ts';
import { useKeys } from './use-keys.ts';

interface SingleProps {
  readonly items: readonly ReviewItem[];
  readonly item: ReviewItem;
  readonly session: Session;
}

export function Single({ items, item, session }: SingleProps) {
  const t = useMessages(messages);
  const { percent } = useNumbers();
  const { attributes, phrase, title, label } = useTaxonomy();
  const issue = item.label_issue;
  const [chosen, setChosen] = useState<number>();
  const active =
    attributes[
      chosen ??
        mostDoubtful(
          item,
          attributes.map(({ name }) => name),
        )
    ]!;
  const labels = session.judged.get(item.product.id) ?? item.product.labels;
  const done = session.judged.has(item.product.id);
  const act = (action: Action): void => {
    if (action.type === 'next') session.go(Math.min(session.at + 1, items.length));
    if (action.type === 'previous') session.go(Math.max(session.at - 1, 0));
    if (action.type === 'confirm') {
      session.confirm(item);
      session.go(session.at + 1);
    }
    if (action.type === 'undo') session.undo();
    if (action.type === 'value') session.choose(item, active.name, active.values[action.place]!.code);
    if (action.type === 'attribute') {
      const place = attributes.indexOf(active) + action.step;
      setChosen((place + attributes.length) % attributes.length);
    }
  };
  useKeys(active.values.length, act);
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, sm: 6 }}>
        <Paper withBorder radius="lg" style={{ overflow: 'hidden' }}>
          <Photo
            className="review-photo"
            src={item.photo === null ? '/icon.svg' : `/api/v1/photos/${item.photo}`}
            alt={phrase(labels)}
          />
        </Paper>
      </Grid.Col>
      <Grid.Col span={{ base: 12, sm: 6 }}>
        <Stack data-review={item.product.id}>
          <Group justify="space-between">
            <Text fw={700} size="xl" data-testid="phrase">
              {phrase(labels)}
            </Text>
            <Group gap="xs">
              {done && (
                <Badge color="teal" variant="light" leftSection={<CheckIcon />} tt="none" radius="sm">
                  {t('done')}
                </Badge>
              )}
              <Text c="dimmed" size="sm">
                {t('position', { at: session.at + 1, count: items.length })}
              </Text>
            </Group>
          </Group>
          {attributes.map((attribute) => (
            <Choices
              key={attribute.name}
              attribute={attribute}
              active={attribute === active}
              code={labels[attribute.name]}
              classes={item.attributes.find(({ name }) => name === attribute.name)?.classes ?? {}}
              onChoose={(code) => session.choose(item, attribute.name, code)}
            />
          ))}
          <Alert color="yellow" title={t('why')} p="sm">
            {item.joint_confidence !== null && (
              <Text size="sm">{t('joint', { share: percent(item.joint_confidence) })}</Text>
            )}
            {issue !== null && (
              <Text size="sm">
                {t('suspicious', {
                  attribute: title(issue.attribute),
                  given: label(issue.attribute, issue.given),
                  suggested: label(issue.attribute, issue.suggested),
                })}
              </Text>
            )}
            <ReasonList doubts={item.doubts} reasons={item.reasons} />
            {item.product.duplicate_of !== null && <SamePicture id={item.product.duplicate_of} />}
          </Alert>
          <Group gap="xs">
            <Button leftSection={<CheckIcon />} onClick={() => act({ type: 'confirm' })}>
              {t('confirm')}
            </Button>
            <Button variant="default" leftSection={<ArrowLeftIcon />} onClick={() => act({ type: 'previous' })}>
              {t('previous')}
            </Button>
            <Button variant="default" rightSection={<ArrowRightIcon />} onClick={() => act({ type: 'next' })}>
              {t('next')}
            </Button>
            <Button variant="default" leftSection={<ResetIcon />} onClick={() => act({ type: 'undo' })}>
              {t('undo')}
            </Button>
          </Group>
          <KeyHelp />
          <VisuallyHidden role="status">{session.said}</VisuallyHidden>
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

/** Digits are first for the attribute that is the likeliest to be wrong. */
function mostDoubtful({ attributes }: ReviewItem, names: readonly string[]): number {
  const known = attributes.filter(({ name, probability }) => names.includes(name) && probability !== null);
  const least = known.toSorted((a, b) => a.probability! - b.probability!)[0];
  return Math.max(0, names.indexOf(least?.name ?? ''));
}
