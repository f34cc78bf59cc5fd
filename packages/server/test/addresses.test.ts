import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { fetchPhoto, isPublic, type FetchRules } from '../src/imports/addresses.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** @returns the address of a server on this machine, without a path */
async function serving(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const everything = { bytes: 1000, milliseconds: 5000, allows: () => true };
const get = (address: string, rules: Partial<FetchRules> = {}) => fetchPhoto(address, { ...everything, ...rules });
const refused = (reason: RegExp) => expect.objectContaining({ code: 'IMAGE_UNREADABLE', message: expect.stringMatching(reason) as string }) as Error; // prettier-ignore

describe('a photo at an address', () => {
  it('comes as it is, also by way of others', async () => {
    const there = await serving(({ url }, response) => {
      if (url === '/moved') response.writeHead(302, { location: '/photo' }).end();
      else response.end(Buffer.from([1, 2, 3]));
    });
    expect([...(await get(`${there}/photo`))]).toEqual([1, 2, 3]);
    expect([...(await get(`${there}/moved`))]).toEqual([1, 2, 3]);
  });

  it('is refused where it is too large, too slow, moves for ever, or is not there', async () => {
    const large = await serving((_, response) => void response.end(Buffer.alloc(1001)));
    await expect(get(large)).rejects.toEqual(refused(/larger than 1000 bytes/));
    const endless = await serving((_, response) => {
      response.on('close', () => clearInterval(timer));
      const timer = setInterval(() => response.write(Buffer.alloc(400)), 5);
    });
    await expect(get(endless)).rejects.toEqual(refused(/larger than 1000 bytes/));
    const silent = await serving(() => undefined);
    await expect(get(silent, { milliseconds: 100 })).rejects.toEqual(refused(/took longer than 0.1 seconds/));
    const circle = await serving((_, response) => void response.writeHead(301, { location: '/' }).end());
    await expect(get(circle)).rejects.toEqual(refused(/redirects more than 5 times/));
    const missing = await serving((_, response) => void response.writeHead(404).end());
    await expect(get(missing)).rejects.toEqual(refused(/answers 404/));
    servers.at(-1)!.close();
    await expect(get('http://name.invalid/')).rejects.toEqual(refused(/cannot be fetched/));
    for (const address of [
      'ftp://example.com/a',
      'file:///etc/passwd',
      'http://a:b@example.com/',
      'http://',
      'data:,x',
    ]) {
      await expect(get(address)).rejects.toEqual(refused(/is not fetched|password|no address/));
    }
  });

  it.each([
    'http://127.0.0.1/', 'http://127.1/', 'http://2130706433/', 'http://0x7f000001/', 'http://0.0.0.0/', 'http://[::1]/',
    'http://[::ffff:127.0.0.1]/', 'http://[::ffff:a00:1]/', 'http://10.0.0.1/', 'http://172.16.3.4/', 'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data/', 'http://[fe80::1]/', 'http://[fd00::1]/', 'http://100.64.0.1/', 'http://224.0.0.1/',
    'http://255.255.255.255/', 'http://[64:ff9b::7f00:1]/', 'http://[2002:7f00:1::]/', 'http://localhost/', 'https://localhost/',
  ])('%s is not of the public internet', async (address) => {
    await expect(get(address, { allows: isPublic })).rejects.toEqual(refused(/not of the public internet/));
  }); // prettier-ignore

  it('is not asked for where a redirection or a name leads inside', async () => {
    let asked = 0;
    const inside = await serving((_, response) => {
      asked += 1;
      response.end('secret');
    });
    const port = new URL(inside).port;
    const outside = await serving((_, response) => void response.writeHead(302, { location: `http://localhost:${port}/` }).end()); // prettier-ignore
    // The address of the first server stands for a public one; the name of the second resolves to the same machine.
    const seen: string[] = [];
    const allows = (address: string) => seen.push(address) === 1;
    await expect(get(outside, { allows })).rejects.toEqual(refused(/not of the public internet/));
    expect(asked).toBe(0);
    expect(seen[0]).toBe('127.0.0.1');
  });

  it('knows the public internet', () => {
    for (const address of ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946', '::ffff:93.184.216.34']) {
      expect(isPublic(address)).toBe(true);
    }
    for (const address of ['', 'example.com', '::', '127.0.0.1.nip.io']) expect(isPublic(address)).toBe(false);
  });
});
