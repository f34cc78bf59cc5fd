import {
  Button,
  FileInput,
  Group,
  NumberInput,
  Paper,
  Radio,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { RocketIcon } from '@radix-ui/react-icons';
import { useState, type FormEvent } from 'react';
import { approaches, useStartTraining, type Approach } from '../../api/trainings.ts';
import { Failure } from '../../common/failure.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';
import { StartFrom, type Start } from './start-from.tsx';

export function StartForm() {
  const t = useMessages(messages);
  const [chosen, setApproach] = useState<Approach>('heads');
  const [name, setName] = useState('');
  const [epochs, setEpochs] = useState<number | string>('');
  const [data, setData] = useState<File | null>(null);
  const [from, setFrom] = useState<Start>(null);
  // Of a network that knows nothing there are no outputs to learn alone.
  const anew = from !== null && 'architecture' in from;
  const approach = anew ? 'fine-tuning' : chosen;
  const start = useStartTraining();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    start.mutate({
      ...{ name: name.trim(), approach },
      ...(typeof epochs === 'number' && { epochs }),
      ...from,
      ...(data !== null && { data }),
    });
  };
  return (
    <Paper withBorder p="lg" component="section" aria-label={t('new')}>
      <Title order={2} size="h4" mb="md">
        {t('new')}
      </Title>
      <form onSubmit={submit}>
        <Stack>
          <Radio.Group
            label={t('approach')}
            value={approach}
            onChange={(value) => setApproach(approaches.find((one) => one === value) ?? 'heads')}
          >
            <SimpleGrid cols={{ base: 1, sm: 2 }} mt="xs">
              {approaches.map((value) => (
                <Radio.Card key={value} value={value} disabled={anew && value === 'heads'} p="md" radius="md">
                  <Group wrap="nowrap" align="flex-start">
                    <Radio.Indicator />
                    <div>
                      <Text fw={600}>{t(value)}</Text>
                      <Text size="sm" c="dimmed">
                        {t(`${value}Text`)}
                      </Text>
                    </div>
                  </Group>
                </Radio.Card>
              ))}
            </SimpleGrid>
          </Radio.Group>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <FileInput
              label={t('data')}
              description={t('dataHint')}
              placeholder={t('dataCatalogue')}
              accept=".zip"
              clearable
              value={data}
              onChange={setData}
            />
            <StartFrom start={from} onChange={setFrom} />
          </SimpleGrid>
          <Group align="flex-end">
            <TextInput
              label={t('name')}
              description={t('nameHint')}
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <NumberInput
              label={t('epochs')}
              description={t('epochsHint')}
              min={1}
              max={1000}
              allowDecimal={false}
              value={epochs}
              onChange={setEpochs}
            />
            <Button type="submit" leftSection={<RocketIcon />} loading={start.isPending}>
              {t('start')}
            </Button>
          </Group>
          {start.error !== null && <Failure error={start.error} />}
        </Stack>
      </form>
    </Paper>
  );
}
