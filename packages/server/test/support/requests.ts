/** @file Requests made of an OpenAPI document: as it says, nearly as it says, and not at all as it says. */
import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { z } from 'zod';

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        parameters: z.array(z.object({ name: z.string(), in: z.string(), required: z.boolean().optional(), schema: z.unknown() })).default([]), // prettier-ignore
        requestBody: z.object({ content: z.record(z.string(), z.object({ schema: z.unknown() })) }).optional(),
      }),
    ),
  ),
});

/** What of JSON Schema our contracts become. */
const schemaSchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).default([]),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
});

export interface Operation {
  readonly name: string;
  readonly requests: fc.Arbitrary<InjectOptions>;
}

/** What means something to the server: the names and the values that requests have most of the time. */
export interface Words {
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/** Every operation of a document, with requests for it: half of them tame, half wild. */
export function operationsOf(document: unknown, words: Words): Operation[] {
  const drawings = [drawing(words, false), drawing(words, true)];
  return Object.entries(documentSchema.parse(document).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters, requestBody }]) => {
      const body = requestBody?.content['application/json']?.schema;
      const requests = fc.oneof(
        ...drawings.map(({ texts, values, stray }) => {
          const of = (where: string) => Object.fromEntries(parameters.filter((parameter) => parameter.in === where).map(({ name, schema }) => [name, texts(schema)])); // prettier-ignore
          return fc.record({
            inPath: fc.record(of('path')),
            query: fc.oneof(fc.constant({}), fc.record(of('query'), { requiredKeys: [] })),
            stray: fc.option(stray, { nil: undefined, freq: 4 }),
            payload: body === undefined ? fc.constant(undefined) : values(body),
          });
        }),
      );
      return {
        name: `${method.toUpperCase()} ${path}`,
        requests: requests.map(({ inPath, query, stray, payload }): InjectOptions => {
          const parameters = new URLSearchParams();
          for (const [key, text] of Object.entries(query)) if (text !== undefined) parameters.append(key, text);
          if (stray !== undefined) parameters.append(...stray);
          const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(inPath[name]!));
          const json = payload !== undefined && { payload: JSON.stringify(payload), headers: { 'content-type': 'application/json' } }; // prettier-ignore
          return { method: method.toUpperCase() as Method, url: `${url}?${parameters.toString()}`, ...json };
        }),
      };
    }),
  );
}

/** Texts that have broken servers before. */
const awkward = fc.constantFrom('', '0', '-1', '1e400', 'NaN', '9007199254740993', 'null', '[]', '../../etc/passwd', '%00', '\u0000', "'; drop table products; --", '<script>alert(1)</script>', '=1+1', '\u202e', 'a'.repeat(101)); // prettier-ignore

/** Values of schemas. @param wild with something else in their place now and then, anywhere inside */
function drawing(words: Words, wild: boolean) {
  const [name, value] = [words.names, words.values].map((known) => {
    return wild ? fc.oneof(fc.constantFrom(...known), fc.string({ unit: 'grapheme' })) : fc.constantFrom(...known);
  }) as [fc.Arbitrary<string>, fc.Arbitrary<string>];
  const mostly = (drawn: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    wild ? fc.oneof({ weight: 12, arbitrary: drawn }, fc.jsonValue(), awkward) : drawn;

  /** Of a path or a query. */
  function texts(schema: unknown): fc.Arbitrary<string> {
    // An empty part of a path is another path.
    return mostly(valuesOf(schema)).map((drawn) => (typeof drawn === 'string' ? drawn : JSON.stringify(drawn)) || '0');
  }

  function valuesOf(given: unknown): fc.Arbitrary<unknown> {
    const schema = schemaSchema.parse(given ?? {});
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valuesOf));
    if (Array.isArray(schema.type)) return fc.oneof(...schema.type.map((type) => valuesOf({ ...schema, type })));
    switch (schema.type) {
      case 'object': {
        const { properties = {}, required, additionalProperties } = schema;
        const known = Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, mostly(valuesOf(inner))])); // prettier-ignore
        const more = typeof additionalProperties === 'object' ? fc.dictionary(name, mostly(valuesOf(additionalProperties)), { maxKeys: 3 }) : fc.constant({}); // prettier-ignore
        return fc
          .tuple(fc.record(known, { requiredKeys: required.filter((key) => key in known) }), more)
          .map(([own, other]) => ({ ...other, ...own }));
      }
      case 'array':
        return fc.array(mostly(valuesOf(schema.items)), { maxLength: 4 });
      case 'integer':
        return wild ? fc.maxSafeInteger() : fc.integer({ min: 1, max: 3 });
      case 'number':
        return fc.double({ noNaN: true, noDefaultInfinity: true });
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case 'string':
        return value;
      default:
        return fc.jsonValue();
    }
  }

  return { texts, values: (schema: unknown) => mostly(valuesOf(schema)), stray: fc.tuple(name, value) };
}
