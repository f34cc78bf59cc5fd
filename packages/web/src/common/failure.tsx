/** @file What went wrong and what to do, in the language of the page by its code; below it what the server says of it. */
import { Alert, List, Text } from '@mantine/core';
import { ExclamationTriangleIcon } from '@radix-ui/react-icons';
import { ApiError } from '../api/client.ts';
import { useLanguage } from '../i18n/language.tsx';
import { describeFailure, type FailureText } from './errors/describe.ts';

export function useFailure(): (error: unknown) => FailureText {
  const { language } = useLanguage();
  return (error) => describeFailure(error, language);
}

export function Failure({ error }: { readonly error: unknown }) {
  const { title, remedy, details } = useFailure()(error);
  const problems = error instanceof ApiError ? error.problems : [];
  return (
    <Alert color="red" icon={<ExclamationTriangleIcon />} title={title} role="alert">
      {remedy !== '' && (
        <Text size="sm" fw={600}>
          {remedy}
        </Text>
      )}
      {details.map((detail) => (
        <Text key={detail} size="sm" mt={4}>
          {detail}
        </Text>
      ))}
      {problems.length > 0 && (
        <List size="sm" mt={4}>
          {problems.map((problem) => (
            <List.Item key={problem}>{problem}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
