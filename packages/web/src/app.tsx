/** @file Which page stands at which address; each is loaded when it is first opened. */
import { Center, Loader } from '@mantine/core';
import { lazy, Suspense, type ReactNode } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { CustomerFrame } from './shell/customer-frame.tsx';
import { ErrorBoundary } from './shell/error-boundary.tsx';
import { Frame } from './shell/frame.tsx';
import { NotFound } from './shell/not-found.tsx';

const Classify = lazy(async () => ({ default: (await import('./pages/classify/page.tsx')).Classify }));
const Catalogue = lazy(async () => ({ default: (await import('./pages/catalogue/page.tsx')).Catalogue }));
const Product = lazy(async () => ({ default: (await import('./pages/product/page.tsx')).Product }));
const Review = lazy(async () => ({ default: (await import('./pages/review/page.tsx')).Review }));
const Train = lazy(async () => ({ default: (await import('./pages/train/page.tsx')).Train }));
const Models = lazy(async () => ({ default: (await import('./pages/models/page.tsx')).Models }));
const Data = lazy(async () => ({ default: (await import('./pages/data/page.tsx')).Data }));
const Transfer = lazy(async () => ({ default: (await import('./pages/transfer/page.tsx')).Transfer }));
const Jobs = lazy(async () => ({ default: (await import('./pages/jobs/page.tsx')).Jobs }));
const ShopWindow = lazy(async () => ({ default: (await import('./pages/window/page.tsx')).ShopWindow }));

export function App() {
  const [path] = useLocation();
  if (path === '/window') {
    return (
      <CustomerFrame>
        <Page>
          <ShopWindow />
        </Page>
      </CustomerFrame>
    );
  }
  return (
    <Frame>
      <Page key={path}>
        <Switch>
          <Route path="/" component={Classify} />
          <Route path="/catalogue" component={Catalogue} />
          <Route path="/catalogue/:id">{({ id }) => <Product id={Number(id)} />}</Route>
          <Route path="/review" component={Review} />
          <Route path="/train" component={Train} />
          <Route path="/models" component={Models} />
          <Route path="/data" component={Data} />
          <Route path="/transfer" component={Transfer} />
          <Route path="/jobs" component={Jobs} />
          <Route component={NotFound} />
        </Switch>
      </Page>
    </Frame>
  );
}

function Page({ children }: { readonly children: ReactNode }) {
  const loading = (
    <Center mih={240}>
      <Loader aria-label="…" />
    </Center>
  );
  return (
    <ErrorBoundary>
      <Suspense fallback={loading}>{children}</Suspense>
    </ErrorBoundary>
  );
}
