/** @file What went wrong, and what to do about it. */
import { Alert, List, Text } from '@mantine/core';
import { ExclamationTriangleIcon } from '@radix-ui/react-icons';
import { ApiError } from '../api/client.ts';
import { useMessages } from '../i18n/language.tsx';
import { failureMessages } from './messages.ts';

export function useFailure() {
  const t = useMessages(failureMessages);
  return (error: unknown): { readonly title: string; readonly message: string; readonly remedy: string } => {
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof ApiError)) return { title: t('title'), message, remedy: '' };
    if (error.code === 'UNREACHABLE') return { title: t('unreachable'), message: '', remedy: t('unreachableRemedy') };
    if (error.code === 'ANSWER_INVALID') return { title: t('invalid'), message, remedy: t('invalidRemedy') };
    if (error.code === 'ROUTE_NOT_FOUND') return { title: t('absent'), message, remedy: error.remedy };
    return { title: t('title'), message, remedy: error.remedy };
  };
}

export function Failure({ error }: { readonly error: unknown }) {
  const { title, message, remedy } = useFailure()(error);
  const problems = error instanceof ApiError ? error.problems : [];
  return (
    <Alert color="red" icon={<ExclamationTriangleIcon />} title={title} role="alert">
      {message !== '' && <Text size="sm">{message}</Text>}
      {problems.length > 0 && (
        <List size="sm" mt={4}>
          {problems.map((problem) => (
            <List.Item key={problem}>{problem}</List.Item>
          ))}
        </List>
      )}
      {remedy !== '' && (
        <Text size="sm" fw={600} mt={4}>
          {remedy}
        </Text>
      )}
    </Alert>
  );
}
