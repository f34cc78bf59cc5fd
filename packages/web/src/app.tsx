/** @file Which page stands at which address; each is loaded when it is first opened. */
import { Center, Loader } from '@mantine/core';
import { lazy, Suspense, type ReactNode } from 'react';
import { Route, Switch } from 'wouter';
import { ErrorBoundary } from './shell/error-boundary.tsx';
import { Frame } from './shell/frame.tsx';
import { NotFound } from './shell/not-found.tsx';

const Classify = lazy(async () => ({ default: (await import('./pages/classify/page.tsx')).Classify }));
const Catalogue = lazy(async () => ({ default: (await import('./pages/catalogue/page.tsx')).Catalogue }));
const Transfer = lazy(async () => ({ default: (await import('./pages/transfer/page.tsx')).Transfer }));
const Product = lazy(async () => ({ default: (await import('./pages/product/page.tsx')).Product }));

export function App() {
  return (
    <Switch>
      <Route>
        <Frame>
          <Page>
            <Switch>
              <Route path="/" component={Classify} />
              <Route path="/catalogue" component={Catalogue} />
              <Route path="/catalogue/:id">{({ id }) => <Product id={Number(id)} />}</Route>
              <Route path="/transfer" component={Transfer} />
              <Route component={NotFound} />
            </Switch>
          </Page>
        </Frame>
      </Route>
    </Switch>
  );
}

function Page({ children }: { readonly children: ReactNode }) {
  return (
    <ErrorBoundary>
      <Suspense
        fallback={
          <Center mih={240}>
            <Loader aria-label="…" />
          </Center>
        }
      >
        {children}
      </Suspense>
    </ErrorBoundary>
  );
}
