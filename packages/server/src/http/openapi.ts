/** @file Routes as the OpenAPI document tells of them, and the pages that show it. */
import swagger, { type SwaggerTransform } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { roleNeeded } from '../access/guard.ts';

/** To be called before there are routes: `/docs` for people, `/api/v1/openapi.json` for programs. */
export async function documentRoutes(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'busana', version, description: 'Attributes of fashion photos, and a catalogue of them.' } }, // prettier-ignore
    transform: documentRoute,
  });
  // Its pages come with it; its own policy names their inline parts, and nothing from elsewhere.
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true, uiConfig: { validatorUrl: null, docExpansion: 'list' } }); // prettier-ignore
  app.get('/api/v1/openapi.json', { schema: { hide: true } }, () => app.swagger());
}

/** A form with files: which fields mean what stands in the description of the route. */
const form = { type: 'object', additionalProperties: { type: 'string', format: 'binary' } };

/** With the role that a route needs; and of one that takes JSON or a form, each with its own schema. */
const documentRoute: SwaggerTransform = (route) => {
  // A route that takes and answers nothing has no schema.
  const { schema: said = {}, url } = jsonSchemaTransform(route);
  const { method, config = {} } = route.route;
  const schema = { ...said, 'x-role': roleNeeded([method].flat()[0]!, config) };
  const { consumes, ...rest } = schema;
  if (!Array.isArray(consumes) || !consumes.includes('multipart/form-data')) return { schema, url };
  const content = { 'application/json': { schema: rest['body'] }, 'multipart/form-data': { schema: form } };
  return { schema: { ...rest, body: { content } }, url };
};
