/** @file What the files are: how their measures are spread, and those that are far out. */
import { backgrounds } from '@busana/contracts';
import { ScrollArea, Table, Text } from '@mantine/core';
import type { CatalogueAnalysis, Findings } from '../../api/analysis.ts';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { measureMessages, messages } from './messages.ts';
import { ProductPhoto } from './product-photo.tsx';
import { Section } from '../../common/section.tsx';

/** Photos that are shown of a measure. */
const MOST = 3;

interface MeasuresProps {
  readonly files: NonNullable<Findings['files']>;
  readonly products: CatalogueAnalysis['products'];
}

export function Measures({ files: { images }, products }: MeasuresProps) {
  const t = useMessages(messages);
  const name = useMessages(measureMessages);
  const { number } = useNumbers();
  const formats = Object.entries(images.formats).map(([format, files]) => `${format.toUpperCase()} ${number(files)}`);
  const grounds = backgrounds
    .map((kind) => ({ kind, photos: images.backgrounds[kind] }))
    .filter(({ photos }) => photos > 0)
    .map(({ kind, photos }) => `${name(kind)} ${number(photos)}`);
  return (
    <Section title={t('measures')} text={t('measuresText')}>
      <Text size="sm">{t('formats', { formats: formats.join(', ') })}</Text>
      <Text size="sm" mb="sm">
        {t('backgrounds', { backgrounds: grounds.join(', ') })}
      </Text>
      <ScrollArea type="auto" viewportProps={{ tabIndex: 0 }}>
        <Table verticalSpacing={6} miw={640}>
          <Table.Thead>
            <Table.Tr>
              {(['measure', 'min', 'median', 'max', 'far'] as const).map((column) => (
                <Table.Th key={column}>{t(column)}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {images.measures.map(({ name: measure, min, median, max, outliers }) => (
              <Table.Tr key={measure}>
                <Table.Th scope="row">{name(measure)}</Table.Th>
                {[min, median, max].map((value, column) => (
                  <Table.Td key={column}>{number(value, value < 10 ? 2 : 0)}</Table.Td>
                ))}
                <Table.Td>
                  {outliers.length === 0 ? (
                    '–'
                  ) : (
                    <div className="findings">
                      {outliers.slice(0, MOST).map(({ photo, value }) => (
                        <ProductPhoto
                          key={photo.name}
                          hash={photo.name}
                          product={products[photo.name]}
                          text={number(value, value < 10 ? 2 : 0)}
                        />
                      ))}
                    </div>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
    </Section>
  );
}
