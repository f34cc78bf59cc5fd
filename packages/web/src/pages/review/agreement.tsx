/** @file How far two people who judged the same products agree. */
import { Paper, Table, Text, Title } from '@mantine/core';
import { useAgreement } from '../../api/review.ts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { Failure } from '../../common/failure.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { useNumbers } from '../../i18n/numbers.ts';
import { messages } from './messages.ts';

export function AgreementTable() {
  const t = useMessages(messages);
  const { percent, number } = useNumbers();
  const { attributes, title } = useTaxonomy();
  const { data, error } = useAgreement();
  if (error !== null) return <Failure error={error} />;
  const pairs = data?.pairs ?? [];
  return (
    <Paper withBorder p="md" component="section" aria-label={t('agreement')}>
      <Title order={2} size="h5" mb="xs">
        {t('agreement')}
      </Title>
      {pairs.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('agreementNone')}
        </Text>
      ) : (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('reviewers')}</Table.Th>
              {attributes.map(({ name }) => (
                <Table.Th key={name}>{title(name)}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {pairs.map(({ reviewers, attributes: judged }) => (
              <Table.Tr key={reviewers.join()}>
                <Table.Td>{reviewers.join(' · ')}</Table.Td>
                {attributes.map(({ name }) => {
                  const found = judged.find((one) => one.name === name);
                  const kappa = found?.kappa ?? null;
                  return (
                    <Table.Td key={name}>
                      {found !== undefined &&
                        t('agree', {
                          share: percent(found.agreement),
                          count: found.products,
                          kappa: kappa === null ? '–' : number(kappa, 2),
                        })}
                    </Table.Td>
                  );
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Paper>
  );
}
