/** @file Ten thousand requests at once: each is answered, and the server is there afterwards. */
import { Agent, get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { homes } from './support/homes.ts';
import { openShop } from './support/shop.ts';

const REQUESTS = 10_000;
/** Both ends are in this process, which may have 20,000 files open on many machines. */
const CONNECTIONS = 4000;

it('answers every one of ten thousand requests at once', async () => {
  const home = await homes[0]!.make();
  const shop = await openShop(home.where);
  await shop.app.listen({ host: '127.0.0.1', port: 0, backlog: CONNECTIONS });
  const { port } = shop.app.server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const ask = async (path: string) => {
    const [answer] = (await once(get({ host: '127.0.0.1', port, path, agent }), 'response')) as [IncomingMessage];
    answer.resume();
    await once(answer, 'end');
    return answer.statusCode;
  };
  const begin = performance.now();
  const statuses = await Promise.all(Array.from({ length: REQUESTS }, () => ask('/api/v1/products?limit=1')));
  console.log(
    `${REQUESTS} requests over ${CONNECTIONS} connections in ${((performance.now() - begin) / 1000).toFixed(1)} s`,
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(await ask('/readyz')).toBe(200);
  agent.destroy();
  await shop.close();
  await home.remove();
}, 300_000);
