import { Anchor, ScrollArea, Table, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import type { ImportChange, ImportState } from '@busana/contracts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { useNumbers } from '../../i18n/numbers.ts';
import { useLanguage, useMessages } from '../../i18n/language.tsx';
import { fieldMessages, messages } from './messages.ts';
import { hasDetails, noteIn } from './notes.ts';

/** Photos that were not taken, and why; and what a table has changed of products that were there. */
export function Remarks({ remarks }: { readonly remarks: ImportState['remarks'] }) {
  const t = useMessages(messages);
  const describe = useChange();
  const { taxonomy } = useTaxonomy();
  const { language } = useLanguage();
  const note = noteIn(taxonomy, language);
  if (remarks.length === 0) return null;
  return (
    <section aria-label={t('remarks')}>
      <Title order={3} size="h6" mb={4}>
        {t('remarks')}
      </Title>
      <ScrollArea.Autosize mah={240} type="auto" viewportProps={{ tabIndex: 0 }}>
        <Table verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('file')}</Table.Th>
              <Table.Th>{t('reason')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {remarks.map(({ name, state, reason, product, same_as: original, warning, notes, changes }, index) => (
              <Table.Tr key={index}>
                <Table.Td>{name}</Table.Td>
                <Table.Td>
                  {state === 'failed' && notes.length === 0 && reason}
                  {original !== null && `${t('samePicture', { id: original })} `}
                  {product !== null && (
                    <Anchor component={Link} href={`/catalogue/${product}`} size="sm">
                      {t(changes.length > 0 ? 'changed' : state === 'added' ? 'product' : 'duplicateOf', {
                        id: product,
                      })}
                    </Anchor>
                  )}
                  {changes.length > 0 && ` ${changes.map(describe).join(', ')}`}
                  {notes.length === 0 && warning !== '' && <Text size="sm">{warning}</Text>}
                  {notes.map((one, at) => (
                    <Text key={at} size="sm">
                      {note(one)}
                    </Text>
                  ))}
                  {notes.some(hasDetails) && (
                    <Text size="xs" c="dimmed">
                      {reason}
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
    </section>
  );
}

/** `price: 120 → 99`, `colour: red → blue` */
function useChange(): (change: ImportChange) => string {
  const [t, of] = [useMessages(messages), useMessages(fieldMessages)];
  const { number } = useNumbers();
  const { attribute, label, title } = useTaxonomy();
  return ({ field, ...change }) => {
    const said = (value: string | number | null): string => {
      if (value === null || value === '') return t('nothing');
      if (typeof value === 'number') return number(value, 2);
      return attribute(field) === undefined ? value : label(field, value);
    };
    const name = isField(field) ? of(field) : title(field).toLowerCase();
    return t('change', { field: name, from: said(change.from), to: said(change.to) });
  };
}

function isField(field: string): field is keyof typeof fieldMessages {
  return Object.hasOwn(fieldMessages, field);
}
