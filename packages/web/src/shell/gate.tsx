/** @file A server that asks for a token is told one before anything else is shown. */
import { Button, Center, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { ApiError } from '../api/client.ts';
import { useSession, useSignIn } from '../api/session.ts';
import { Failure } from '../common/failure.tsx';
import { useMessages } from '../i18n/language.tsx';
import { Logo } from './logo.tsx';
import { shellMessages } from './messages.ts';

export function Gate({ children }: { readonly children: ReactNode }) {
  const { data, error } = useSession();
  if (data !== undefined) return children;
  if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') return <SignIn />;
  return error === null ? null : <Failure error={error} />;
}

function SignIn() {
  const t = useMessages(shellMessages);
  const [token, setToken] = useState('');
  const signIn = useSignIn();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    signIn.mutate(token.trim());
  };
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper component="form" withBorder p="xl" w={380} onSubmit={submit}>
        <Stack>
          <Logo />
          <Title order={1} size="h3">
            {t('signIn')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('signInText')}
          </Text>
          <PasswordInput
            label={t('token')}
            value={token}
            autoComplete="current-password"
            onChange={({ currentTarget }) => setToken(currentTarget.value)}
          />
          <Button type="submit" loading={signIn.isPending} disabled={token.trim() === ''}>
            {t('signIn')}
          </Button>
          {signIn.error !== null && <Failure error={signIn.error} />}
        </Stack>
      </Paper>
    </Center>
  );
}
