/**
 * @file Without a login, whoever reaches the server may do everything. So it listens on this machine alone, and does not
 * answer what other people's pages send from a browser on this machine: requests to change something from another
 * origin (CSRF), and requests under another name that leads here (DNS rebinding).
 */
import { BusanaError } from '@busana/contracts';
import type { onRequestHookHandler } from 'fastify';

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;
const reading: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a host is this machine and nobody else's. */
export function isLoopback(host: string): boolean {
  return loopback.test(host) || host === '::1';
}

/** A hook that throws FORBIDDEN. */
export const ownPagesOnly: onRequestHookHandler = ({ headers, method }, _reply, done) => {
  const { host = '', origin } = headers;
  const refuse = (why: string): void => done(new BusanaError('FORBIDDEN', why));
  if (!isLoopback(host)) return refuse(`this server is not called '${host}'`);
  if (reading.has(method)) return done();
  if (origin !== undefined && origin !== `http://${host}`) return refuse(`pages of ${origin} may not change anything`);
  const site = headers['sec-fetch-site'] ?? 'none';
  if (site !== 'same-origin' && site !== 'none') return refuse('pages of other sites may not change anything');
  return done();
};
