/** @file Single products that somebody should look at: doubles, outliers, labels that may be wrong. */
import { Badge, Group, Paper, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { CatalogueAnalysis, Findings as Found } from '../../api/analysis.ts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { messages } from './messages.ts';
import { ProductPhoto } from './product-photo.tsx';
import { Section } from '../../common/section.tsx';

/** Findings of a kind that are shown. */
const MOST = 24;

interface FindingsProps {
  readonly analysis: Found;
  readonly found: Pick<CatalogueAnalysis, 'products' | 'pairs_found' | 'labels'>;
}

export function Findings({ analysis: { files, colours, embeddings }, found }: FindingsProps) {
  const t = useMessages(messages);
  const { percent } = useNumbers();
  const { title, label } = useTaxonomy();
  const { products, labels, pairs_found: pairs } = found;
  const duplicates = files?.duplicates ?? [];
  const suspicions = embeddings?.labels?.suspicions ?? [];
  const outliers = embeddings?.outliers.outliers ?? [];
  const doubts = colours?.doubts ?? [];
  const photo = (hash: string, text?: ReactNode) => (
    <ProductPhoto key={hash} hash={hash} product={products[hash]} text={text} />
  );
  const suggested = (doubt: { attribute: string; given: string; suggested: string }): string =>
    t('suggested', {
      attribute: title(doubt.attribute),
      given: label(doubt.attribute, doubt.given),
      suggested: label(doubt.attribute, doubt.suggested),
    });
  return (
    <>
      <Section title={t('suspicions')} text={t('suspicionsText', { people: labels.people, model: labels.model })}>
        <Photos count={suspicions.length}>
          {suspicions.slice(0, MOST).map((doubt) => photo(doubt.photo.name, suggested(doubt)))}
        </Photos>
      </Section>
      <Section title={t('colours')} text={t('coloursText')}>
        <Photos count={doubts.length}>
          {doubts.slice(0, MOST).map((doubt) => photo(doubt.photo.name, suggested(doubt)))}
        </Photos>
      </Section>
      {(['exact', 'near', 'twin'] as const).map((kind) => (
        <Section key={kind} title={t(kind)} text={t(`${kind}Text`)}>
          <Photos count={pairs[kind]}>
            {duplicates
              .filter((pair) => pair.kind === kind)
              .slice(0, MOST / 2)
              .map(({ first, second, differing }) => (
                <Paper key={`${first.name} ${second.name}`} withBorder p="xs">
                  <Group gap="xs" wrap="nowrap" align="flex-start">
                    {photo(first.name)}
                    {photo(second.name)}
                  </Group>
                  {differing.length > 0 && kind !== 'twin' && (
                    <Badge variant="light" color="yellow" radius="sm" tt="none" mt={4}>
                      {t('differing', { attributes: differing.map(title).join(', ') })}
                    </Badge>
                  )}
                </Paper>
              ))}
          </Photos>
        </Section>
      ))}
      <Section title={t('outliers')} text={t('outliersText')}>
        <Photos count={outliers.length}>
          {outliers
            .slice(0, MOST)
            .map(({ photo: { name }, distance }) => photo(name, t('distance', { share: percent(distance) })))}
        </Photos>
      </Section>
    </>
  );
}

interface PhotosProps {
  /** Findings in all, of which the first are shown. */
  readonly count: number;
  readonly children: readonly ReactNode[];
}

function Photos({ count, children }: PhotosProps) {
  const t = useMessages(messages);
  if (count === 0) return <Text c="dimmed">{t('none')}</Text>;
  return (
    <>
      <div className="findings">{children}</div>
      {count > children.length && (
        <Text size="sm" c="dimmed" mt="sm">
          {t('more', { shown: children.length, count })}
        </Text>
      )}
    </>
  );
}
