import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { lookAt, openFiles } from '../look.ts';

const linux = existsSync('/proc/self/fd');

async function addressOf(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it.skipIf(!linux)('reads what a server says of its heap, and the system of its memory', async () => {
  const address = await addressOf((_, answer) => {
    answer.end('# TYPE x gauge\nnodejs_heap_size_total_bytes 104857600\nnodejs_heap_size_used_bytes 52428800\n');
  });
  const look = await lookAt({ address, pid: process.pid }, 0.5);
  expect(look).toMatchObject({ hour: 0.5, heap: { total: 100, used: 50 } });
  expect(Math.abs(look.mib / (process.memoryUsage.rss() / 2 ** 20) - 1)).toBeLessThan(0.1);
});

it.skipIf(!linux)('counts open files by what they are', async () => {
  const before = await openFiles(process.pid);
  const file = await open(new URL(import.meta.url));
  const during = await openFiles(process.pid);
  await file.close();
  expect(during.get('file')).toBe((before.get('file') ?? 0) + 1);
  expect((await openFiles(process.pid)).get('file')).toBe(before.get('file'));
});
