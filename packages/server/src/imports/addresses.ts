/**
 * @file Photos at addresses that a table names. Whoever writes the table must not make this machine ask what only this
 * machine can reach (server-side request forgery): an address is connected to only if it is one of the public internet.
 * It is looked at after the name was resolved, and that very address is connected to, so that a name that resolves
 * otherwise a moment later (DNS rebinding) gains nothing; of a redirection the same is asked anew.
 */
import { BusanaError } from '@busana/contracts';
import ipaddr from 'ipaddr.js';
import { lookup as resolve } from 'node:dns/promises';
import { once } from 'node:events';
import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

export interface FetchRules {
  /** Bytes at most. */
  readonly bytes: number;
  /** From the first request to the last byte, redirections included. */
  readonly milliseconds: number;
  /** Whether an IP address may be connected to. */
  readonly allows: (address: string) => boolean;
  /** Aborted when nobody waits for it any more. */
  readonly signal?: AbortSignal;
}

const REDIRECTIONS = 5;
const redirections: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Whether an IP address is one of the public internet, also one of version 4 that is written as one of version 6. */
export function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

/** @throws BusanaError IMAGE_UNREADABLE with the reason */
export async function fetchPhoto(address: string, rules: FetchRules): Promise<Buffer> {
  const late = AbortSignal.timeout(rules.milliseconds);
  const signal = rules.signal === undefined ? late : AbortSignal.any([late, rules.signal]);
  try {
    return await follow(address, rules, signal);
  } catch (cause) {
    if (cause instanceof BusanaError) throw cause;
    throw refuse(address, late.aborted ? `it took longer than ${rules.milliseconds / 1000} seconds` : 'it cannot be fetched', cause); // prettier-ignore
  }
}

async function follow(address: string, rules: FetchRules, signal: AbortSignal): Promise<Buffer> {
  let at = parse(address, address);
  for (let redirected = 0; redirected <= REDIRECTIONS; redirected += 1) {
    const response = await ask(at, rules, signal);
    const { statusCode = 0, headers } = response;
    if (redirections.has(statusCode) && headers.location !== undefined) {
      response.destroy();
      at = parse(headers.location, address, at);
      continue;
    }
    if (statusCode !== 200) {
      response.destroy();
      throw refuse(address, `the server answers ${statusCode}`);
    }
    return await bodyOf(response, address, rules.bytes);
  }
  throw refuse(address, `it redirects more than ${REDIRECTIONS} times`);
}

function parse(text: string, address: string, base?: URL): URL {
  if (!URL.canParse(text, base?.href)) throw refuse(address, 'it is no address');
  const url = new URL(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refuse(address, `${url.protocol} is not fetched`);
  if (url.username !== '' || url.password !== '') throw refuse(address, 'it has a password in it');
  return url;
}

async function ask(url: URL, { allows }: FetchRules, signal: AbortSignal): Promise<IncomingMessage> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // Of a numeric address no name is resolved.
  if (isIP(host) !== 0 && !allows(host)) throw refuse(url.href, 'its address is not of the public internet');
  const send = url.protocol === 'https:' ? requestSecure : requestPlain;
  // A connection of its own: one that is kept could lead elsewhere. No encoding, so that the size is that of the photo.
  const asked = send(url, {
    agent: false,
    signal,
    lookup: lookupAllowed(url.href, allows),
    headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'busana' },
  });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return response;
}

/** Resolves a name, and fails where any of its addresses may not be connected to. */
function lookupAllowed(address: string, allows: FetchRules['allows']): LookupFunction {
  return (name, options, done) => {
    resolve(name, { ...options, all: true }).then(
      (found) => {
        const [first] = found;
        if (first === undefined || !found.every((one) => allows(one.address))) {
          done(refuse(address, 'its address is not of the public internet'), '', 0);
        } else if (options.all === true) done(null, found);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, '', 0),
    );
  };
}

/** Counted as it comes: a server may send more than it says. */
async function bodyOf(response: IncomingMessage, address: string, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      response.destroy();
      throw refuse(address, `it is larger than ${limit} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function refuse(address: string, why: string, cause?: unknown): BusanaError {
  return new BusanaError('IMAGE_UNREADABLE', `${address}: ${why}`, { cause });
}
