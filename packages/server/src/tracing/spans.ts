/**
 * @file What takes how long, for those who trace: spans of OpenTelemetry. Nothing is recorded, and next to nothing done,
 * unless {@link startTracing} was called.
 */
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Attributes,
  type Span,
} from '@opentelemetry/api';

/**
 * When a span begins or ends, in milliseconds since 1970. Without it the SDK begins spans at whole milliseconds, and a stage can
 * end after the request that it is part of.
 */
export function now(): number {
  const [fine, coarse] = [performance.timeOrigin + performance.now(), Date.now()];
  // The clock of the machine has been set since this process began.
  return Math.abs(fine - coarse) < 1000 ? fine : coarse;
}

/** Some work as a span of whatever is going on. A failure is written into it. */
export function traced<T>(name: string, attributes: Attributes, work: (span: Span) => Promise<T>): Promise<T> {
  return tracer().startActiveSpan(name, { attributes, startTime: now() }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end(now());
    }
  });
}

/** What is going on now, in words for whoever goes on with it elsewhere (W3C Trace Context); empty where nobody traces. */
export function trail(): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}

/** Work that somebody elsewhere has asked for: its spans are part of what went on there. @param carrier of {@link trail} */
export function following<T>(carrier: unknown, work: () => T): T {
  return context.with(propagation.extract(ROOT_CONTEXT, carrier ?? {}), work);
}

/** Stages that follow each other within what is going on now, whoever's turn it is when they begin. */
export class Stages {
  readonly #context = context.active();
  #span: Span | undefined;

  /** Ends the one before. */
  begin(name: string, attributes: Attributes = {}): void {
    const startTime = now();
    this.#span?.end(startTime);
    this.#span = tracer().startSpan(name, { attributes, startTime }, this.#context);
  }

  end(error?: unknown): void {
    if (error !== undefined && this.#span !== undefined) fail(this.#span, error);
    this.#span?.end(now());
    this.#span = undefined;
  }
}

function fail(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.recordException(error instanceof Error ? error : message);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

function tracer() {
  return trace.getTracer('busana');
}
