/** @file Routes as the OpenAPI document tells of them. */
import type { SwaggerTransform } from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

/** A form with files: which fields mean what stands in the description of the route. */
const form = { type: 'object', additionalProperties: { type: 'string', format: 'binary' } };

/** Of a route that takes JSON or a form, each with its own schema. */
export const documentRoute: SwaggerTransform = (route) => {
  // A route that takes and answers nothing has no schema.
  const { schema = {}, url } = jsonSchemaTransform(route);
  const { consumes, ...rest } = schema;
  if (!Array.isArray(consumes) || !consumes.includes('multipart/form-data')) return { schema, url };
  const content = { 'application/json': { schema: rest['body'] }, 'multipart/form-data': { schema: form } };
  return { schema: { ...rest, body: { content } }, url };
};
