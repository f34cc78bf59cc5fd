/**
 * @file Who is let in. A server for its own machine needs no login, and whoever is there may do everything; any other
 * asks for a token, in a header or in the cookie of its own pages, and for the role that the route needs.
 */
import rateLimit from '@fastify/rate-limit';
import { BusanaError, roles, type Role } from '@busana/contracts';
import { parseCookie } from 'cookie';
import type { FastifyContextConfig, FastifyInstance, FastifyRequest } from 'fastify';
import type { Orm } from '../database/open.ts';
import { expectOwnName, expectOwnPage } from './origin.ts';
import { actorOf, type Actor } from './tokens.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Needed at least; default: `viewer` to read, `editor` for the rest. `open`: nobody is asked. */
    readonly role?: Role | 'open';
  }
  interface FastifyRequest {
    /** Who is asking; of routes that are `open` nobody in particular. */
    actor: Actor;
  }
}

export interface Access {
  readonly orm: Orm;
  /** Whether a token is needed. */
  readonly login: boolean;
}

/** Whoever sits at this machine: without a login nobody has another name. */
const LOCAL: Actor = { name: 'local', role: 'admin', requests: null };
const NOBODY: Actor = { name: 'nobody', role: 'viewer', requests: null };

/** Who says something: the name of the token; without a login whichever name is given. */
export function speakerOf(actor: Actor, given: string | undefined): string {
  return actor === LOCAL ? (given ?? actor.name) : actor.name;
}

/** Whose work a request is, to be counted: the name of the token; without one the address that it comes from. */
export function senderOf({ actor, ip }: FastifyRequest): string {
  return actor === LOCAL || actor === NOBODY ? ip : `token ${actor.name}`;
}

export const COOKIE = 'busana_token';

const MINUTE = 60_000;
/** Requests of one name, where its token says nothing else. */
const REQUESTS = 3000;
/** Wrong tokens, and logins, of one address. */
export const GUESSES = { max: 20, timeWindow: MINUTE };

/** Adds the hooks that let requests in, before those of any route. */
export async function guard(app: FastifyInstance, { orm, login }: Access): Promise<void> {
  app.decorateRequest('actor');
  if (!login) {
    app.addHook('onRequest', (request, _reply, done) => {
      expectOwnName(request);
      expectOwnPage(request);
      request.actor = LOCAL;
      done();
    });
    return;
  }
  await app.register(rateLimit, { global: false });
  const requests = app.createRateLimit({
    max: ({ actor }) => actor.requests ?? REQUESTS,
    timeWindow: MINUTE,
    keyGenerator: ({ actor }) => actor.name,
  });
  const failures = app.createRateLimit(GUESSES);
  const within = async (limit: typeof requests, request: FastifyRequest, what: string): Promise<void> => {
    if (!isExceeded(await limit(request))) return;
    throw new BusanaError('TOO_MANY_REQUESTS', `there were too many ${what} within a minute`);
  };
  app.addHook('onRequest', async (request) => {
    const needed = roleNeeded(request.method, request.routeOptions.config);
    request.actor = NOBODY;
    if (needed === 'open') return;
    const { token, cookie } = tokenOf(request);
    if (cookie) expectOwnPage(request);
    const actor = token === undefined ? undefined : await actorOf(orm, token);
    if (actor === undefined) {
      if (token !== undefined) await within(failures, request, 'wrong tokens');
      throw new BusanaError(
        'UNAUTHENTICATED',
        token === undefined ? 'a token is needed here' : 'the token is not good',
      );
    }
    request.actor = actor;
    await within(requests, request, `requests of ${actor.name}`);
    expectRole(actor, needed);
  });
}

function isExceeded(answer: { isAllowed: true } | { isAllowed: false; isExceeded: boolean }): boolean {
  return !answer.isAllowed && answer.isExceeded;
}

/** @throws BusanaError FORBIDDEN */
export function expectRole({ name, role }: Actor, needed: Role): void {
  if (roles.indexOf(role) >= roles.indexOf(needed)) return;
  throw new BusanaError('FORBIDDEN', `${name} is ${role}; this needs ${needed}`, { remedy: 'Ask an admin for a token that may do it.' }); // prettier-ignore
}

/** What a route needs, by its own word or else by its method. */
export function roleNeeded(method: string, { role }: FastifyContextConfig): Role | 'open' {
  return role ?? (method === 'GET' || method === 'HEAD' ? 'viewer' : 'editor');
}

/** A cookie comes along whoever's page has asked; a header does not. */
function tokenOf({ headers }: FastifyRequest): { readonly token: string | undefined; readonly cookie: boolean } {
  const [scheme = '', token] = headers.authorization?.split(' ') ?? [];
  if (token !== undefined && /^bearer$/i.test(scheme)) return { token, cookie: false };
  return { token: parseCookie(headers.cookie ?? '')[COOKIE], cookie: true };
}
