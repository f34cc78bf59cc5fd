/** @file Spans on their way to a collector. The SDK is loaded here, and only when somebody asks for traces. */
import { BusanaError } from '@busana/contracts';
import { context, propagation, trace } from '@opentelemetry/api';

/** Milliseconds that a collector has, also when the process ends. */
const PATIENCE = 3000;

/**
 * From now on this process sends spans, in batches. Of the SDK's own variables those count that name the service, choose
 * what is sampled and add headers (`OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER`,
 * `OTEL_EXPORTER_OTLP_HEADERS`; OpenTelemetry, Environment Variable Specification).
 * @param collector address that takes OTLP over HTTP, e.g. `http://127.0.0.1:4318`
 * @returns sends what is left, and ends it
 * @throws BusanaError CONFIG_INVALID
 */
export async function startTracing(collector: string, version: string): Promise<() => Promise<void>> {
  const url = addressOf(collector);
  const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, resources] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const { detectResources, envDetector, resourceFromAttributes } = resources;
  const own = resourceFromAttributes({ 'service.name': 'busana', 'service.version': version });
  const provider = new NodeTracerProvider({
    resource: own.merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url, timeoutMillis: PATIENCE }))],
  });
  provider.register();
  return async () => {
    // A collector that does not answer keeps nobody from ending.
    await provider.shutdown().catch(() => undefined);
    trace.disable();
    context.disable();
    propagation.disable();
  };
}

function addressOf(collector: string): string {
  const address = URL.canParse(collector) ? new URL(collector) : undefined;
  if (address === undefined || !/^https?:$/.test(address.protocol)) {
    throw new BusanaError('CONFIG_INVALID', `--traces '${collector}' is not an address`, {
      remedy: 'Name a collector that takes OTLP over HTTP: --traces http://127.0.0.1:4318',
    });
  }
  // As the specification has it for an endpoint of all signals.
  return address.pathname === '/' ? new URL('/v1/traces', address).href : address.href;
}
