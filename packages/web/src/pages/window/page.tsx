/** @file What a customer sees: search and filters, and nothing of how labels come about. */
import { Button, Center, Container, Grid, Group, Stack, Text, Title } from '@mantine/core';
import { BackpackIcon } from '@radix-ui/react-icons';
import { useEffect } from 'react';
import { useProducts } from '../../api/products.ts';
import { Empty } from '../../common/empty.tsx';
import { Failure } from '../../common/failure.tsx';
import { isEmpty } from '../../common/filter.ts';
import { useFilter } from '../../common/use-filter.ts';
import { useMessages } from '../../i18n/language.tsx';
import { NonePasses } from '../catalogue/empty.tsx';
import { FacetPanel } from '../catalogue/facet-panel.tsx';
import { messages as catalogueMessages } from '../catalogue/messages.ts';
import { SearchBox } from '../catalogue/search-box.tsx';
import { messages } from './messages.ts';
import { Offer } from './offer.tsx';

export function ShopWindow() {
  const t = useMessages(messages);
  const c = useMessages(catalogueMessages);
  const [filter, setFilter] = useFilter();
  const list = useProducts(filter);
  const first = list.data?.pages[0];
  const products = (list.data?.pages ?? []).flatMap((page) => page.products);
  useEffect(() => {
    document.title = `${t('title')} · busana`;
  });
  if (list.error !== null) return <Failure error={list.error} />;
  if (first === undefined) return null;
  const empty = first.facets.total.products === 0;
  if (empty && isEmpty(filter)) {
    return <Empty icon={<BackpackIcon width={26} height={26} />} title={t('emptyTitle')} text={t('emptyText')} />;
  }
  return (
    <Container size="xl" px={0}>
      <Stack gap="xl">
        <Stack align="center" gap="sm" py="lg" ta="center">
          <Title order={1}>{t('hello')}</Title>
          <Group w="100%" maw={560}>
            <SearchBox value={filter.q} onChange={(q) => setFilter({ ...filter, q })} />
          </Group>
        </Stack>
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, sm: 3 }}>
            <FacetPanel facets={first.facets} filter={filter} onChange={setFilter} status={false} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, sm: 9 }}>
            <Stack>
              <Text c="dimmed" role="status">
                {c('count', { count: first.facets.total.products })}
              </Text>
              {empty && <NonePasses />}
              <ul className="product-grid">
                {products.map((product) => (
                  <li key={product.id}>
                    <Offer product={product} />
                  </li>
                ))}
              </ul>
              {list.hasNextPage && (
                <Center>
                  <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                    {c('more')}
                  </Button>
                </Center>
              )}
            </Stack>
          </Grid.Col>
        </Grid>
      </Stack>
    </Container>
  );
}
