import { Component, type ReactNode } from 'react';
import { Failure } from '../common/failure.tsx';

interface Caught {
  readonly error?: unknown;
}

/** A page that fails says so in its place; the others can still be reached. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, Caught> {
  override state: Caught = {};

  static getDerivedStateFromError(error: unknown): Caught {
    return { error };
  }

  override render(): ReactNode {
    return this.state.error === undefined ? this.props.children : <Failure error={this.state.error} />;
  }
}
