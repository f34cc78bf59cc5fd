/** @file What the shop has: a grid with facets, the stock, searches by words and by photo, changes of many at once. */
import { Grid, Group, Paper, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useProducts, useStock } from '../../api/products.ts';
import { isEmpty, type Filter } from '../../common/filter.ts';
import { Failure } from '../../common/failure.tsx';
import { PageTitle } from '../../common/page-title.tsx';
import { useFilter } from '../../common/use-filter.ts';
import { useMessages } from '../../i18n/language.tsx';
import { EmptyCatalogue, NonePasses } from './empty.tsx';
import { FacetPanel } from './facet-panel.tsx';
import { messages } from './messages.ts';
import { ByPhoto } from './by-photo.tsx';
import { Results } from './results.tsx';
import { SearchBox } from './search-box.tsx';
import { StockMatrix } from './stock-matrix.tsx';
import { Understood } from './understood.tsx';
import { PhotoButton } from './photo-button.tsx';

type View = 'grid' | 'stock';

export function Catalogue() {
  const t = useMessages(messages);
  const [filter, setFilter] = useFilter();
  const [view, setView] = useState<View>('grid');
  const [photo, setPhoto] = useState<File>();
  const list = useProducts(filter);
  const first = list.data?.pages[0];
  const empty = first !== undefined && first.facets.total.products === 0;
  return (
    <>
      <PageTitle title={t('title')} text={t('text')} />
      {list.error !== null && <Failure error={list.error} />}
      {empty && isEmpty(filter) && <EmptyCatalogue />}
      {first !== undefined && !(empty && isEmpty(filter)) && (
        <Stack gap="md">
          <Group gap="sm">
            <SearchBox value={filter.q} onChange={(q) => setFilter({ ...filter, q })} />
            <PhotoButton onPhoto={setPhoto} />
            <SegmentedControl
              aria-label={t('view')}
              value={view}
              onChange={(value) => setView(value === 'stock' ? 'stock' : 'grid')}
              data={[
                { value: 'grid', label: t('grid') },
                { value: 'stock', label: t('stock') },
              ]}
            />
          </Group>
          {photo !== undefined && <ByPhoto photo={photo} onEnd={() => setPhoto(undefined)} />}
          {photo === undefined && (
            <Grid gap="lg">
              <Grid.Col span={{ base: 12, sm: 4, md: 3 }}>
                <FacetPanel facets={first.facets} filter={filter} onChange={setFilter} />
              </Grid.Col>
              <Grid.Col span={{ base: 12, sm: 8, md: 9 }}>
                <Stack gap="sm">
                  <Group justify="space-between">
                    <Text fw={650} role="status" data-testid="total">
                      {t('count', { count: first.facets.total.products })}
                      <Text span c="dimmed" fw={400}>
                        {` · ${t('pieces', { count: first.facets.total.pieces })}`}
                      </Text>
                    </Text>
                    <Understood understood={first.understood} />
                  </Group>
                  {empty ? (
                    <NonePasses />
                  ) : view === 'stock' ? (
                    <Stock filter={filter} onOpen={(labels) => (setFilter({ ...filter, labels }), setView('grid'))} />
                  ) : (
                    <Results list={list} />
                  )}
                </Stack>
              </Grid.Col>
            </Grid>
          )}
        </Stack>
      )}
    </>
  );
}

interface StockProps {
  readonly filter: Filter;
  readonly onOpen: (labels: Filter['labels']) => void;
}

function Stock({ filter, onOpen }: StockProps) {
  const { data, error } = useStock(filter);
  if (error !== null) return <Failure error={error} />;
  return data === undefined ? null : (
    <Paper withBorder p="md">
      <StockMatrix stock={data} onOpen={onOpen} />
    </Paper>
  );
}
