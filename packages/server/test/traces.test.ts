/** @file Traces: what a collector on this machine is told of a prediction. */
import { trace } from '@opentelemetry/api';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { importSchema } from '@busana/contracts';
import { folderWith, jpeg } from '../../vision/test/support/temporary.ts';
import { startTracing } from '../src/tracing/start.ts';
import { homes, type Home } from './support/homes.ts';
import { formOf, openShop, type Shop } from './support/shop.ts';

const attributeSchema = z.object({ key: z.string(), value: z.looseObject({ stringValue: z.string().optional(), intValue: z.coerce.number().optional() }) }); // prettier-ignore
const spanSchema = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  startTimeUnixNano: z.coerce.bigint(),
  endTimeUnixNano: z.coerce.bigint(),
  attributes: z.array(attributeSchema),
  status: z.object({ code: z.number().optional() }),
});
const exportSchema = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attributeSchema) }),
      scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })),
    }),
  ),
});

describe('traces', () => {
  let [home, shop, collector]: [Home?, Shop?, Server?] = [];
  const told: z.infer<typeof exportSchema>['resourceSpans'] = [];
  let address = '';

  beforeAll(async () => {
    home = await homes[0]!.make();
    shop = await openShop(home.where, { traces: true });
    collector = createServer((request, response) => {
      if (request.url !== '/v1/traces') return void response.writeHead(404).end();
      void json(request).then((body) => {
        told.push(...exportSchema.parse(body).resourceSpans);
        response.end('{}');
      });
    });
    await new Promise<void>((resolve) => collector!.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  }, 60_000);
  afterAll(async () => {
    collector?.close();
    await shop?.close();
    await home?.remove();
  });

  const valueOf = ({ attributes }: { attributes: z.infer<typeof attributeSchema>[] }, name: string) => {
    const value = attributes.find(({ key }) => key === name)?.value;
    return value?.stringValue ?? value?.intValue;
  };

  it('are not made unless somebody asks for them', () => {
    expect(trace.getTracer('busana').startSpan('anything').isRecording()).toBe(false);
  });

  it('have the jobs that a request has led to, whoever does them', async () => {
    const stop = await startTracing(address, '0.0.0');
    const folder = await folderWith({ 'a.jpg': await jpeg(7) });
    const headers = { traceparent: `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01` };
    const sent = await shop!.app.inject({ method: 'POST', url: '/api/v1/imports', payload: { folder }, headers });
    const { id } = importSchema.parse(sent.json());
    shop!.worker.start();
    await expect.poll(async () => importSchema.parse((await shop!.app.inject(`/api/v1/imports/${id}`)).json()).state, { timeout: 20_000 }).toBe('done'); // prettier-ignore
    await shop!.worker.close();
    await stop();
    const spans = told.splice(0).flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    const named = (name: string) => spans.find((span) => span.name === name);
    const [request, receive, predict] = ['POST /api/v1/imports', 'job receive', 'job predict'].map(named);
    expect([request, receive, predict].map((span) => span?.traceId)).toEqual(Array(3).fill('c'.repeat(32)));
    expect(receive?.parentSpanId).toBe(request?.spanId);
    // The job for the model is made when the photos have come.
    expect(predict?.parentSpanId).toBe(receive?.spanId);
  });

  it('have the stages of every photo, within the trace of whoever has asked', async () => {
    const stop = await startTracing(address, '0.0.0');
    const photos = [await jpeg(0), await jpeg(1)];
    const form = new Response(formOf(['p', photos[0]!, 'a.jpg'], ['p', photos[1]!, 'b.jpg']));
    const trail = ['a'.repeat(32), 'b'.repeat(16)] as const;
    const headers = { 'content-type': form.headers.get('content-type')!, traceparent: `00-${trail.join('-')}-01` };
    const answer = await shop!.app.inject({ method: 'POST', url: '/api/v1/predict', payload: Buffer.from(await form.arrayBuffer()), headers }); // prettier-ignore
    expect(answer.statusCode).toBe(200);
    await shop!.app.inject('/healthz');
    await shop!.app.inject('/api/v1/products/999');
    await stop();

    expect(valueOf(told[0]!.resource, 'service.name')).toBe('busana');
    const spans = told.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    const roots = spans.filter(({ name }) => / \//.test(name));
    expect(roots.map((span) => [span.name, valueOf(span, 'http.response.status_code')])).toEqual([['POST /api/v1/predict', 200], ['GET /api/v1/products/:id', 404]]); // prettier-ignore
    const [root] = roots as [(typeof spans)[number]];
    expect([root.traceId, root.parentSpanId]).toEqual(trail);
    expect(valueOf(root, 'busana.request_id')).toBe(answer.headers['x-request-id']);
    const children = spans.filter(({ parentSpanId }) => parentSpanId === root.spanId);
    expect(children.every(({ traceId }) => traceId === trail[0])).toBe(true);
    const named = (name: string) => children.filter((span) => span.name === name);
    for (const name of ['receive', 'wait for room', 'decode', 'wait', 'infer'])
      expect(named(name), name).toHaveLength(2);
    expect(named('receive').map((span) => valueOf(span, 'bytes'))).toEqual(photos.map(({ length }) => length));
    for (const index of [0, 1]) {
      const [wait, infer] = [named('wait')[index]!, named('infer')[index]!];
      expect(infer.startTimeUnixNano).toBe(wait.endTimeUnixNano);
      expect(infer.endTimeUnixNano).toBeLessThanOrEqual(root.endTimeUnixNano);
      expect(infer.startTimeUnixNano).toBeGreaterThanOrEqual(named('decode')[index]!.startTimeUnixNano);
    }
    expect(trace.getTracer('busana').startSpan('anything').isRecording()).toBe(false);
  });

  it('refuse an address that is none', async () => {
    await expect(startTracing('collector', '0')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
