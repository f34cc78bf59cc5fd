/** @file Where a request comes from, so that other people's pages do nothing in the name of whoever looks at them. */
import { BusanaError } from '@busana/contracts';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;
const reading: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a host is this machine and nobody else's. */
export function isLoopback(host: string): boolean {
  return loopback.test(host) || host === '::1';
}

/**
 * Addresses and networks, by commas, of proxies on other machines, e.g. `10.0.0.0/8,fd00::1`.
 * @throws BusanaError CONFIG_INVALID
 */
export function proxiesOf(text: string): string[] {
  const addresses = text.split(',').map((address) => address.trim());
  for (const address of addresses) {
    if (ipaddr.isValid(address) || ipaddr.isValidCIDR(address)) continue;
    throw new BusanaError(
      'CONFIG_INVALID',
      `--proxy '${address}' is neither an address nor a network such as 10.0.0.0/8`,
    );
  }
  return addresses;
}

/** Another name that leads to this machine (DNS rebinding) makes another's page one of ours. @throws BusanaError FORBIDDEN */
export function expectOwnName({ headers: { host = '' } }: FastifyRequest): void {
  if (!isLoopback(host)) throw new BusanaError('FORBIDDEN', `this server is not called '${host}'`);
}

/** Requests to change something come from our own pages, or from no page at all (CSRF). @throws BusanaError FORBIDDEN */
export function expectOwnPage({ headers, method, protocol, host }: FastifyRequest): void {
  if (reading.has(method)) return;
  const { origin, 'sec-fetch-site': site = 'none' } = headers;
  if (origin !== undefined && origin !== `${protocol}://${host}`) {
    throw new BusanaError('FORBIDDEN', `pages of ${origin} may not change anything`);
  }
  if (site !== 'same-origin' && site !== 'none') {
    throw new BusanaError('FORBIDDEN', 'pages of other sites may not change anything');
  }
}
