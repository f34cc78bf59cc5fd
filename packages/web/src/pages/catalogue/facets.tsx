/** @file What the catalogue can be narrowed by, with how many products each choice would give. */
import { Checkbox, Fieldset, Group, Stack, Text } from '@mantine/core';
import type { ProductPage } from '../../api/products.ts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { toggle, type Filter } from '../../common/filter.ts';
import { statusMessages } from '../../common/messages.ts';
import { statuses } from '../../common/status.tsx';
import { ValueSwatch } from '../../common/swatch.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { messages } from './messages.ts';

interface FacetsProps {
  readonly facets: ProductPage['facets'];
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
  /** Customers need not know how sure a label is. */
  readonly status?: boolean;
}

export function Facets({ facets, filter, onChange, status = true }: FacetsProps) {
  const t = useMessages(messages);
  const statusName = useMessages(statusMessages);
  const { attributes, title, label } = useTaxonomy();
  return (
    <Stack gap="md">
      {attributes.map(({ name, values }) => (
        <FacetGroup
          key={name}
          name={name}
          title={title(name)}
          options={values.map(({ code }) => ({ code, label: label(name, code) }))}
          counts={facets.attributes[name] ?? {}}
          chosen={filter.labels[name] ?? []}
          onToggle={(code) => onChange(toggle(filter, name, code))}
        />
      ))}
      {status && (
        <FacetGroup
          name="status"
          title={t('status')}
          options={statuses.map((code) => ({ code, label: statusName(code) }))}
          counts={facets.status}
          chosen={filter.status}
          onToggle={(code) => onChange(toggle(filter, 'status', code))}
        />
      )}
    </Stack>
  );
}

interface FacetGroupProps {
  readonly name: string;
  readonly title: string;
  readonly options: readonly { readonly code: string; readonly label: string }[];
  readonly counts: Readonly<Record<string, { readonly products: number }>>;
  readonly chosen: readonly string[];
  readonly onToggle: (code: string) => void;
}

function FacetGroup({ name, title, options, counts, chosen, onToggle }: FacetGroupProps) {
  const { number } = useNumbers();
  const shown = options.filter(({ code }) => (counts[code]?.products ?? 0) > 0 || chosen.includes(code));
  if (shown.length === 0) return null;
  return (
    <Fieldset legend={title} variant="unstyled" styles={{ legend: { fontWeight: 650, fontSize: 14, marginBottom: 4 } }}>
      <Stack gap={6}>
        {shown.map(({ code, label }) => (
          <Group key={code} justify="space-between" wrap="nowrap" gap="xs">
            <Checkbox
              size="sm"
              checked={chosen.includes(code)}
              onChange={() => onToggle(code)}
              data-facet={`${name}=${code}`}
              label={
                <Group component="span" gap={6} wrap="nowrap">
                  <ValueSwatch attribute={name} code={code} />
                  {label}
                </Group>
              }
            />
            <Text size="sm" c="dimmed" style={{ fontVariantNumeric: 'tabular-nums' }} data-count={`${name}=${code}`}>
              {number(counts[code]?.products ?? 0)}
            </Text>
          </Group>
        ))}
      </Stack>
    </Fieldset>
  );
}
