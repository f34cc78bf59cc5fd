/** @file Facets beside the products; on a phone they are folded away until somebody wants them. */
import { Button, Paper } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Cross2Icon, MixerHorizontalIcon } from '@radix-ui/react-icons';
import type { ProductPage } from '../../api/products.ts';
import { isEmpty, type Filter } from '../../common/filter.ts';
import { useMessages } from '../../i18n/language.tsx';
import { Facets } from './facets.tsx';
import { messages } from './messages.ts';

interface FacetPanelProps {
  readonly facets: ProductPage['facets'];
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
  /** Customers need not know how sure a label is. */
  readonly status?: boolean;
}

export function FacetPanel({ facets, filter, onChange, status = true }: FacetPanelProps) {
  const t = useMessages(messages);
  const [open, { toggle }] = useDisclosure();
  return (
    <>
      <Button
        hiddenFrom="sm"
        fullWidth
        variant="default"
        leftSection={<MixerHorizontalIcon />}
        aria-expanded={open}
        onClick={toggle}
      >
        {t('filters')}
      </Button>
      <Paper
        withBorder
        p="md"
        mt={{ base: 'xs', sm: 0 }}
        component="section"
        aria-label={t('filters')}
        data-folded={!open || undefined}
        className="facet-panel"
      >
        <Facets facets={facets} filter={filter} onChange={onChange} status={status} />
        {!isEmpty(filter) && (
          <Button
            mt="md"
            fullWidth
            size="xs"
            variant="default"
            leftSection={<Cross2Icon />}
            onClick={() => onChange({ q: '', status: [], labels: {} })}
          >
            {t('clearFilters')}
          </Button>
        )}
      </Paper>
    </>
  );
}
