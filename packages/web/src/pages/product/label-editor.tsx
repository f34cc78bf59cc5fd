/** @file The labels of a product as buttons: a click says which is right, and is saved at once. */
import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { ResetIcon } from '@radix-ui/react-icons';
import { useCorrect, useUndo, type Details } from '../../api/products.ts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { ValueSwatch } from '../../common/swatch.tsx';
import { useTell } from '../../common/tell.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { messages } from './messages.ts';

export function LabelEditor({ product: { id, attributes: known, history } }: { readonly product: Details }) {
  const t = useMessages(messages);
  const tell = useTell();
  const { percent } = useNumbers();
  const { attributes, title, label } = useTaxonomy();
  const [correct, undo] = [useCorrect(), useUndo()];
  const source = (name: string): string => {
    const given = known[name];
    if (given === undefined) return t('none');
    const model = given.source === 'model';
    return t('by', { who: model ? t('model', { share: percent(given.confidence ?? 0, 1) }) : t('person') });
  };
  return (
    <Stack gap="md">
      {attributes.map(({ name, values }) => (
        <Radio.Group
          key={name}
          label={title(name)}
          description={
            <Text span size="xs">
              {source(name)}
            </Text>
          }
          value={known[name]?.code ?? null}
          onChange={(code) =>
            correct.mutate(
              { id, attributes: { [name]: code } },
              { onSuccess: () => tell.done(t('saved')), onError: tell.failed },
            )
          }
        >
          <Group gap="xs" mt={6}>
            {values.map(({ code }) => (
              <Radio.Card key={code} value={code} w="auto" px="sm" py={6} radius="xl" className="choice">
                <Group gap={8} wrap="nowrap">
                  <Radio.Indicator size="xs" />
                  <ValueSwatch attribute={name} code={code} />
                  <Text size="sm">{label(name, code)}</Text>
                </Group>
              </Radio.Card>
            ))}
          </Group>
        </Radio.Group>
      ))}
      <Group>
        <Button
          size="xs"
          variant="default"
          leftSection={<ResetIcon />}
          disabled={history.length === 0}
          loading={undo.isPending}
          onClick={() => undo.mutate(id, { onSuccess: () => tell.done(t('undone')), onError: tell.failed })}
        >
          {t('undo')}
        </Button>
      </Group>
    </Stack>
  );
}
