/** @file One product: photos, labels that can be corrected, who changed what, and what is like it. */
import { Anchor, Center, Grid, Group, Loader, Paper, Stack, Title } from '@mantine/core';
import { ArrowLeftIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useProduct, type Details } from '../../api/products.ts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { Failure } from '../../common/failure.tsx';
import { PageTitle } from '../../common/page-title.tsx';
import { StatusBadge } from '../../common/status.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { Facts } from './facts.tsx';
import { History } from './history.tsx';
import { LabelEditor } from './label-editor.tsx';
import { messages } from './messages.ts';
import { Photos } from './photos.tsx';
import { Similar } from './similar.tsx';

export function Product({ id }: { readonly id: number }) {
  const t = useMessages(messages);
  const { data, error } = useProduct(id);
  return (
    <>
      <Anchor component={Link} href="/catalogue" size="sm">
        <Group component="span" gap={4} mb="xs">
          <ArrowLeftIcon /> {t('back')}
        </Group>
      </Anchor>
      {error !== null && <Failure error={error} />}
      {data !== undefined && <Body product={data} />}
      {data === undefined && error === null && (
        <Center mih={240}>
          <Loader aria-label={t('product', { id })} />
        </Center>
      )}
    </>
  );
}

function Body({ product }: { readonly product: Details }) {
  const t = useMessages(messages);
  const { phrase } = useTaxonomy();
  const { id, title, labels, status } = product;
  return (
    <>
      <PageTitle title={title || phrase(labels) || t('product', { id })} text={t('text')}>
        <StatusBadge status={status} />
      </PageTitle>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, sm: 6, md: 5 }}>
          <Photos hashes={product.photos} name={phrase(labels)} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 6, md: 7 }}>
          <Stack>
            <Section title={t('labels')}>
              <LabelEditor product={product} />
            </Section>
            <Section title={t('details')}>
              <Facts product={product} />
            </Section>
            <Section title={t('history')}>
              <History history={product.history} />
            </Section>
          </Stack>
        </Grid.Col>
      </Grid>
      <Stack mt="xl" gap="sm">
        <Title order={2} size="h4">
          {t('similar')}
        </Title>
        <Similar id={id} />
      </Stack>
    </>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Title order={2} size="h5" mb="sm">
        {title}
      </Title>
      {children}
    </Paper>
  );
}
