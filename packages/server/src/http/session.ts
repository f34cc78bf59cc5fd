/** @file Logging in and out in a browser: the token goes into a cookie that no script can read. */
import { BusanaError, loginSchema, sessionSchema } from '@busana/contracts';
import { stringifySetCookie } from 'cookie';
import type { FastifyPluginCallback, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { COOKIE, GUESSES, type Access } from '../access/guard.ts';
import { expectOwnPage } from '../access/origin.ts';
import { actorOf } from '../access/tokens.ts';

/** Seconds that a browser stays logged in: 30 days. */
const STAY = 30 * 24 * 3600;

export function sessionRoutes({ orm, login }: Access): FastifyPluginCallback {
  return (instance, _options, done) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.get('/session', { schema: { response: { 200: sessionSchema } } }, ({ actor }) => ({ login, ...actor }));

    app.post(
      '/session',
      {
        config: { role: 'open', rateLimit: GUESSES },
        schema: { body: loginSchema, response: { 200: sessionSchema } },
      },
      async (request, reply) => {
        expectOwnPage(request);
        const actor = await actorOf(orm, request.body.token);
        if (actor === undefined) throw new BusanaError('UNAUTHENTICATED', 'the token is not good');
        void reply.header('set-cookie', cookieOf(request, request.body.token, STAY));
        return { login, ...actor };
      },
    );

    app.delete(
      '/session',
      { config: { role: 'viewer' }, schema: { response: { 204: z.null() } } },
      async (request, reply) =>
        reply
          .header('set-cookie', cookieOf(request, '', 0))
          .status(204)
          .send(null),
    );
    done();
  };
}

function cookieOf({ protocol }: FastifyRequest, token: string, maxAge: number): string {
  return stringifySetCookie(COOKIE, token, {
    httpOnly: true,
    sameSite: 'strict',
    secure: protocol === 'https',
    path: '/',
    maxAge,
  });
}
