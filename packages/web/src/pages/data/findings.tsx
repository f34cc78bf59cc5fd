/** @file Single products that somebody should look at: doubles, outliers, labels that may be wrong. */
import { Anchor, Badge, Group, List, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { CatalogueAnalysis } from '../../api/analysis.ts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { messages } from './messages.ts';
import { Section } from './section.tsx';

type Analysis = NonNullable<CatalogueAnalysis['analysis']>;
/** Findings of a kind that are listed. */
const MOST = 50;

interface FindingsProps {
  readonly analysis: Analysis;
  readonly products: CatalogueAnalysis['products'];
}

export function Findings({ analysis: { files, embeddings, notes }, products }: FindingsProps) {
  const t = useMessages(messages);
  const { number } = useNumbers();
  const { title, label } = useTaxonomy();
  const duplicates = files?.duplicates ?? [];
  const suspicions = embeddings?.labels?.suspicions ?? [];
  const outliers = embeddings?.outliers.outliers ?? [];
  const measured = (files?.images.measures ?? []).flatMap(({ name, unit, outliers: far }) =>
    far.map(({ photo, value }) => ({ photo, text: `${name.replaceAll('_', ' ')}: ${number(value, 2)} ${unit}` })),
  );
  const product = (name: string) => <ProductLink name={name} id={products[name]} />;
  return (
    <>
      <Section title={t('suspicions')}>
        <Rows
          rows={suspicions.map(({ photo, attribute, given, suggested }) => [
            product(photo.name),
            t('suggested', {
              attribute: title(attribute),
              given: label(attribute, given),
              suggested: label(attribute, suggested),
            }),
          ])}
        />
      </Section>
      <Section title={t('doubles')}>
        <Rows
          rows={duplicates.map(({ first, second, kind }) => [
            <Group key="pair" gap="xs">
              {product(first.name)} · {product(second.name)}
            </Group>,
            <Badge key="kind" variant="light" color="gray" radius="sm" tt="none">
              {t(kind)}
            </Badge>,
          ])}
        />
      </Section>
      <Section title={t('outliers')}>
        <Rows rows={outliers.map(({ photo, distance }) => [product(photo.name), number(distance, 3)])} />
      </Section>
      <Section title={t('measures')}>
        <Rows rows={measured.map(({ photo, text }) => [product(photo.name), text])} />
      </Section>
      {notes.length > 0 && (
        <Section title={t('notes')}>
          <List size="sm">
            {notes.map((note) => (
              <List.Item key={note}>{note}</List.Item>
            ))}
          </List>
        </Section>
      )}
    </>
  );
}

function ProductLink({ name, id }: { readonly name: string; readonly id: number | undefined }) {
  return id === undefined ? (
    <span>{name}</span>
  ) : (
    <Anchor component={Link} href={`/catalogue/${id}`} size="sm">
      {name}
    </Anchor>
  );
}

function Rows({ rows }: { readonly rows: readonly (readonly ReactNode[])[] }) {
  const t = useMessages(messages);
  if (rows.length === 0) return <Text c="dimmed">{t('none')}</Text>;
  return (
    <Table verticalSpacing={6}>
      <Table.Tbody>
        {rows.slice(0, MOST).map((cells, row) => (
          <Table.Tr key={row}>
            {cells.map((cell, column) => (
              <Table.Td key={column}>{cell}</Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
