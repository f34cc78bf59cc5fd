/** @file The Open Inference Protocol, asked with what a client of Triton has sent (tools/reference/kserve_requests.py). */
import {
  inferenceAnswerSchema,
  inferenceErrorSchema,
  inferenceModelSchema,
  predictAnswerSchema,
} from '@busana/contracts';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { randomArtifact } from '../../vision/test/support/random-artifact.ts';
import { homes } from './support/homes.ts';
import { openedShop } from './support/opened.ts';
import { openShop } from './support/shop.ts';

const recordedSchema = z.object({
  requests: z.array(
    z.object({
      method: z.enum(['GET', 'POST']),
      url: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.string(),
    }),
  ),
});
const fixture = await readFile(new URL('fixtures/kserve-requests.json', import.meta.url), 'utf8');
const recorded = recordedSchema.parse(JSON.parse(fixture)).requests;
const LENGTH = 'inference-header-content-length';

/** The outputs of an answer by name, binary ones read as the protocol lays them out. */
function outputsOf(response: LightMyRequestResponse) {
  expect(response.statusCode, response.body).toBe(200);
  const end = Number(response.headers[LENGTH] ?? response.rawPayload.length);
  const document = inferenceAnswerSchema.parse(JSON.parse(response.rawPayload.toString('utf8', 0, end)));
  let rest = response.rawPayload.subarray(end);
  const outputs = document.outputs.map(({ name, shape, datatype, parameters, data }) => {
    const size = Number(parameters?.['binary_data_size'] ?? 0);
    const bytes = rest.subarray(0, size);
    rest = rest.subarray(size);
    const values = data ?? (datatype === 'FP32' ? floats(bytes) : texts(bytes));
    expect(values).toHaveLength(shape.reduce((product, side) => product * side, 1));
    return { name, shape, values };
  });
  expect(rest).toHaveLength(0);
  return { ...document, outputs, of: (name: string) => outputs.find((output) => output.name === name)!.values };
}

const floats = (bytes: Buffer) => Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(4 * at));
function texts(bytes: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32LE(at);
    found.push(bytes.toString('utf8', at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}

describe('the Open Inference Protocol', () => {
  const opened = openedShop(homes[0]!.make);
  const send = (request: InjectOptions) => opened.shop.app.inject(request);
  const replay = ({ method, url, headers, body }: (typeof recorded)[number]) => {
    const { name, hash } = opened.shop.predictor;
    const payload = method === 'POST' && { payload: Buffer.from(body, 'base64') };
    return send({ method, url: url.replace('MODEL', name).replace('VERSION', hash), headers, ...payload });
  };
  const infer = (payload: object, path = `/v2/models/${opened.shop.predictor.name}/infer`) => send({ method: 'POST', url: path, payload }); // prettier-ignore
  const refusal = (response: LightMyRequestResponse) => ({ status: response.statusCode, ...inferenceErrorSchema.parse(response.json()) }); // prettier-ignore

  it('says what there is', async () => {
    const answers = await Promise.all(recorded.slice(0, 5).map(replay));
    const { name, hash } = opened.shop.predictor;
    const [live, ready, server, able, model] = answers.map((answer) => answer.json<unknown>());
    expect([live, ready, able]).toEqual([{ live: true }, { ready: true }, { name, ready: true }]);
    expect(server).toEqual({ name: 'busana', version: '0.0.0', extensions: ['binary_tensor_data', 'classification'] });
    const { versions, inputs, outputs } = inferenceModelSchema.parse(model);
    expect(versions).toEqual([hash]);
    expect(inputs.map(({ name: input, datatype, shape }) => [input, datatype, shape])).toEqual([['photo', 'BYTES', [-1]], ['image', 'UINT8', [-1, 32, 32, 3]]]); // prettier-ignore
    expect(outputs.slice(0, 3).map(({ name: output, shape }) => [output, shape])).toEqual([['jenis', [-1, 2]], ['warna', [-1, 5]], ['codes', [-1, 2]]]); // prettier-ignore
  });

  it('answers photos and pixels, in the document and after it, as our own address does', async () => {
    const photos = (await Promise.all(recorded.slice(5, 9).map(replay))).map(outputsOf);
    const [first] = photos;
    const payload = { photos: (z.object({ inputs: z.tuple([z.object({ data: z.array(z.string()) })]) }).parse(JSON.parse(Buffer.from(recorded[7]!.body, 'base64').toString())).inputs[0].data).map((image) => ({ image })) }; // prettier-ignore
    const own = predictAnswerSchema.parse((await send({ method: 'POST', url: '/api/v1/predict?classes=all', payload })).json()); // prettier-ignore
    expect(first!.id).toBe('one');
    expect(first!.model_version).toBe(opened.shop.predictor.hash);
    for (const { of, outputs } of photos) {
      expect(outputs.map(({ name }) => name)).toEqual(['jenis', 'warna', 'codes', 'joint_confidence', 'status', 'reason', 'embedding']); // prettier-ignore
      const distributions = own.predictions.map(({ attributes }) => Object.values(attributes[1]!.classes!));
      (of('warna') as number[]).forEach((value, at) => expect(value).toBeCloseTo(distributions.flat()[at]!, 6));
      expect(of('codes')).toEqual(own.predictions.flatMap(({ attributes }) => attributes.map(({ code }) => code)));
      expect(of('status')).toEqual(own.predictions.map(({ status }) => status));
      (of('embedding') as number[]).forEach((value, at) => expect(value).toBeCloseTo(first!.of('embedding')[at] as number, 4)); // prettier-ignore
    }
  });

  it('answers the outputs that are asked for, and the likeliest classes by name', async () => {
    const { outputs } = outputsOf(await replay(recorded[9]!));
    const [warna, codes, ranked] = outputs;
    expect(outputs.map(({ name, shape }) => [name, shape])).toEqual([['warna', [2, 5]], ['codes', [2, 2]], ['warna', [2, 2]]]); // prettier-ignore
    const row = (warna!.values as number[]).slice(5);
    const best = row.indexOf(Math.max(...row));
    expect(ranked!.values[2]).toBe(`${row[best]!.toFixed(6)}:${best}:${String(codes!.values[3])}`);
  });

  it('says in the form of the protocol what is wrong', async () => {
    const { name } = opened.shop.predictor;
    const photo = { name: 'photo', datatype: 'BYTES', shape: [1], data: ['iVBORw0KGgo='] };
    const refused: readonly (readonly [object, number, string])[] = [
      [{}, 400, 'inputs'],
      [{ inputs: [] }, 400, 'inputs'],
      [{ inputs: [photo, photo] }, 400, 'has one input'],
      [{ inputs: [{ ...photo, name: 'picture' }] }, 400, "no input 'picture'"],
      [{ inputs: [{ ...photo, datatype: 'FP32' }] }, 400, 'is BYTES, not FP32'],
      [{ inputs: [{ ...photo, shape: [2] }] }, 400, 'has 1 values; its shape has 2'],
      [{ inputs: [{ ...photo, shape: [65] }] }, 413, 'at most 64 photos'],
      [{ inputs: [{ ...photo, data: ['*'] }] }, 400, 'not base64'],
      [{ inputs: [photo] }, 422, 'photo 0: '],
      [{ inputs: [{ name: 'image', datatype: 'UINT8', shape: [1, 16, 16, 3], data: [] }] }, 400, 'is [1, 32, 32, 3], not [1, 16, 16, 3]'], // prettier-ignore
      [{ inputs: [{ name: 'image', datatype: 'UINT8', shape: [1, 32, 32, 3], data: Array(3072).fill(256) }] }, 400, 'has the value 256'], // prettier-ignore
    ];
    for (const [payload, status, error] of refused) {
      expect(refusal(await infer(payload)), error).toMatchObject({ status, error: expect.stringContaining(error) as string }); // prettier-ignore
    }
    const gone = `/v2/models/${name}/versions/${'0'.repeat(64)}`;
    for (const path of ['/v2/models/nothing', gone]) {
      expect(refusal(await send({ url: path })).status).toBe(404);
      expect(refusal(await send({ url: `${path}/ready` })).status).toBe(404);
      expect(refusal(await infer({ inputs: [photo] }, `${path}/infer`)).error).toContain(
        'is not the model that answers',
      );
    }
    const known = JSON.parse(Buffer.from(recorded[7]!.body, 'base64').toString()) as object;
    expect(refusal(await infer({ ...known, outputs: [{ name: 'price' }] })).error).toContain("no output 'price'; There are jenis, warna"); // prettier-ignore
    expect(refusal(await infer({ ...known, outputs: [{ name: 'status', parameters: { classification: 1 } }] })).error).toContain('has no classes'); // prettier-ignore
    expect(refusal(await send({ url: '/v2/nothing' })).status).toBe(404);
  });

  it('refuses a broken binary request whatever is wrong with it', async () => {
    const { body, headers } = recorded[5]!;
    const whole = Buffer.from(body, 'base64');
    const url = `/v2/models/${opened.shop.predictor.name}/infer`;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.option(fc.tuple(fc.nat(whole.length - 1), fc.nat(255))),
        fc.option(fc.oneof(fc.integer().map(String), fc.string({ unit: 'grapheme-ascii' })), { freq: 4 }),
        async (end, change, length) => {
          const payload = Buffer.from(change === null ? whole.subarray(0, end) : whole);
          if (change !== null) payload[change[0]] = change[1];
          const sent = { ...headers, ...(length !== null && { [LENGTH]: length }) };
          const response = await send({ method: 'POST', url, payload, headers: sent });
          expect([200, 400, 404, 413, 422], response.body).toContain(response.statusCode);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('answers of one model what comes at once, while another follows', async () => {
    const { predictor, folder } = opened.shop;
    const other = join(folder, 'other.onnx');
    const { bytes } = await randomArtifact({ model: 'cnn', imageSize: 32 }, (_, values) => values.forEach((value, at) => (values[at] = value * 1.1))); // prettier-ignore
    await writeFile(other, bytes);
    const before = predictor.hash;
    const pixels = Array.from({ length: 24 }, (_, at) =>
      predictor.fromPixels(`${at}`, new Uint8Array(32 * 32 * 3).fill(at)),
    );
    const swapped = predictor.swap(other);
    const askAll = async (): Promise<Set<string>> => {
      const asked = await Promise.all(pixels.map((photo) => predictor.ask(photo)));
      const answers = await predictor.agree<never>(asked, (at) => predictor.ask(pixels[at]!));
      return new Set(answers.map((answer) => predictor.modelOf(answer).hash));
    };
    const askOn = async (): Promise<void> => {
      do expect((await askAll()).size).toBe(1);
      while (predictor.hash === before);
    };
    // Three times what a batch holds: the swap comes between the batches of some.
    await Promise.all([swapped, ...Array.from({ length: 8 }, askOn)]);
    expect(predictor.hash).not.toBe(before);
    expect(await askAll()).toEqual(new Set([predictor.hash]));
    await rm(other);
  });

  it('asks for a token where the server does, but of those who watch it', async () => {
    const home = await homes[0]!.make();
    const shop = await openShop(home.where, { login: true });
    const status = async (url: string) => (await shop.app.inject({ url })).statusCode;
    expect(await status('/v2/health/live')).toBe(200);
    expect(await status('/v2/health/ready')).toBe(200);
    expect(await status('/v2')).toBe(401);
    const infer = await shop.app.inject({
      method: 'POST',
      url: `/v2/models/${shop.predictor.name}/infer`,
      payload: {},
    });
    expect(infer.statusCode).toBe(401);
    expect(inferenceErrorSchema.parse(infer.json()).error).toContain('a token is needed');
    await shop.close();
    await home.remove();
  });
});
