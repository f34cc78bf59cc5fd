/** @file Every request as a span, part of the trace that its sender names (W3C Trace Context). */
import { context, propagation, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { now } from '../tracing/spans.ts';

/** What is asked for all the time, by machines. */
const UNTRACED: ReadonlySet<string> = new Set([
  '/healthz',
  '/readyz',
  '/metrics',
  '/v2/health/live',
  '/v2/health/ready',
]);

/** To be called before any other hook. Names follow OpenTelemetry's semantic conventions for HTTP. */
export function traceRequests(app: FastifyInstance): void {
  const spans = new WeakMap<FastifyRequest, Span>();
  app.addHook('onRequest', (request, _reply, done) => {
    const { method, url, headers, routeOptions, id } = request;
    const route = routeOptions.url ?? 'none';
    if (UNTRACED.has(route)) return done();
    const attributes = { 'http.request.method': method, 'http.route': route, 'url.path': url.replace(/\?.*/, ''), 'busana.request_id': id }; // prettier-ignore
    const sender = propagation.extract(context.active(), headers);
    const span = trace
      .getTracer('busana')
      .startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes, startTime: now() }, sender);
    spans.set(request, span);
    return context.with(trace.setSpan(sender, span), done);
  });
  app.addHook('onError', (request, _reply, error, done) => {
    spans.get(request)?.recordException(error);
    done();
  });
  app.addHook('onResponse', (request, { statusCode }, done) => {
    const span = spans.get(request);
    span?.setAttribute('http.response.status_code', statusCode);
    if (statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end(now());
    done();
  });
  // Also of a request whose sender has gone away.
  app.addHook('onRequestAbort', (request, done) => {
    spans.get(request)?.end(now());
    done();
  });
}
