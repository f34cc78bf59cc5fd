/** @file Imports over HTTP: begun by a form or a folder, followed by events, cancelled. */
import {
  BusanaError,
  importRequestSchema,
  importSchema,
  type Attribute,
  type ImportState,
  type Taxonomy,
} from '@busana/contracts';
import type { FastifyPluginCallback, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { expectRole, speakerOf } from '../access/guard.ts';
import type { Actor } from '../access/tokens.ts';
import type { Orm } from '../database/open.ts';
import { createImport, type NewEntry, type NewImport } from '../imports/create.ts';
import { entriesOf, openCollection, type Collection, type ImportEntry, type NamedTable } from '../imports/entries.ts';
import { refused as refusedNote } from '../imports/notes.ts';
import { cancelImport, importState, sentPhotos } from '../imports/state.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { GivenPhoto } from '../photos/location.ts';
import {
  LARGEST_ARCHIVE,
  LARGEST_PHOTO,
  photoKey,
  type PhotoStore,
  type StoredArchive,
  type StoredPhoto,
} from '../photos/store.ts';
import { ofStorage } from '../storage/of-storage.ts';
import { admission } from './admission.ts';
import { follow } from './follow.ts';
import { bareName, expectLength, formParts, isForm } from './forms.ts';
import { idSchema } from './parameters.ts';

/** Files of one form; more come in a zip. */
const MOST_FILES = 5000;
const TABLE = 16 * 2 ** 20;
const LIMITS = { total: 4, sender: 2 };

interface ImportService {
  readonly taxonomy: Taxonomy;
  readonly orm: Orm;
  readonly store: PhotoStore;
  readonly jobs: Jobs;
}

export function importRoutes({ taxonomy, orm, store, jobs }: ImportService): FastifyPluginCallback {
  return (instance, _options, done) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const response = { 200: importSchema };

    app.post(
      '/imports',
      {
        onRequest: admission(LIMITS),
        schema: {
          consumes: ['application/json', 'multipart/form-data'],
          body: importRequestSchema.nullish(),
          response: { 202: importSchema },
        },
      },
      async (request, reply) => {
        const given = isForm(request)
          ? await fromForm(store, request, taxonomy.attributes)
          : await fromFolder(request.actor, request.body?.folder, taxonomy.attributes);
        const id = await createImport(orm, jobs.queue, { ...given, actor: speakerOf(request.actor, 'import') });
        jobs.wake();
        return reply
          .status(202)
          .header('location', `/api/v1/imports/${id}`)
          .send(await importState(orm, id));
      },
    );

    app.get('/imports/:id', { schema: { params: idSchema, response } }, ({ params: { id } }) => importState(orm, id));

    app.post('/imports/:id/cancel', { schema: { params: idSchema, response } }, async ({ params: { id } }) => {
      await importState(orm, id);
      await cancelImport(orm, jobs.queue, id);
      jobs.wake();
      return importState(orm, id);
    });

    app.get(
      '/imports/:id/events',
      { schema: { params: idSchema, produces: ['text/event-stream'] } },
      async (request, reply) => {
        const { id } = request.params;
        await importState(orm, id);
        const followed = { read: () => importState(orm, id), ended: ({ state }: ImportState) => state !== 'running' };
        return follow(request, reply, jobs.changes, followed);
      },
    );
    done();
  };
}

/** What this machine has on its disk is not everybody's. */
async function fromFolder(
  actor: Actor,
  folder: string | undefined,
  attributes: readonly Attribute[],
): Promise<NewImport> {
  expectRole(actor, 'admin');
  if (folder === undefined || !isAbsolute(folder)) {
    throw new BusanaError('USAGE', 'nothing to import is named', { remedy: 'Send a form with photos, a zip or a CSV, or JSON with the full path of a folder.' }); // prettier-ignore
  }
  return { source: folder, archive: null, entries: entriesOf(await openCollection(folder), attributes) };
}

/** Photos go into the store as they come; what is none is an entry that says why. */
async function fromForm(
  store: PhotoStore,
  request: FastifyRequest,
  attributes: readonly Attribute[],
): Promise<NewImport> {
  expectLength(request, LARGEST_ARCHIVE);
  const photos: GivenPhoto[] = [];
  /** Those that are in the storage already, by their keys there. */
  const stored = new Map<string, StoredPhoto>();
  const refused: ImportEntry[] = [];
  let table: NamedTable | undefined;
  let archive: (StoredArchive & { readonly name: string }) | undefined;
  try {
    for await (const part of formParts(request, MOST_FILES)) {
      if (part.type === 'field') continue;
      const name = bareName(part) || 'a photo';
      if (/\.zip$/i.test(name)) {
        if (archive !== undefined) throw new BusanaError('USAGE', 'a form has one zip at most', { remedy: 'Send one form for each.' }); // prettier-ignore
        archive = { ...(await store.receiveArchive(part.file, { name, bytes: LARGEST_ARCHIVE })), name };
      } else if (/\.csv$/i.test(name)) {
        const upload = await store.receive(part.file, { name, bytes: TABLE });
        table = { name, bytes: await readFile(upload.path).finally(upload.discard) };
      } else {
        const upload = await store.receive(part.file, { name, bytes: LARGEST_PHOTO });
        const photo = await store.keep(upload).catch((error: unknown) => expectRefusal(error));
        if ('hash' in photo) {
          const key = photoKey(photo.hash);
          stored.set(key, photo);
          photos.push({ name, location: { kind: 'stored', key } });
        } else
          refused.push({ name, location: null, product: {}, failure: photo.message, notes: [refusedNote(photo.code)] });
      }
    }
    const packed = archive === undefined ? undefined : await openArchive(archive);
    const source = archive?.name ?? table?.name ?? sentPhotos(photos.length + refused.length);
    const all = { photos: [...photos, ...(packed?.photos ?? [])], table: table ?? packed?.table };
    const entries = [...(all.photos.length > 0 || refused.length === 0 ? entriesOf(all, attributes) : []), ...refused];
    const known = entries.map((entry): NewEntry => {
      const photo = entry.location?.kind === 'stored' ? stored.get(entry.location.key) : undefined;
      return photo === undefined ? entry : { ...entry, photo };
    });
    return { source, archive: archive?.key ?? null, entries: known };
  } catch (error) {
    if (archive !== undefined) await store.removeArchive(archive.key);
    throw error;
  }
}

/** @throws BusanaError ARCHIVE_INVALID, with the name that the sender has given it */
async function openArchive({ key, path, name }: StoredArchive & { name: string }): Promise<Collection> {
  try {
    return await openCollection(path, key);
  } catch (error) {
    if (!(error instanceof BusanaError)) throw error;
    throw new BusanaError(error.code, error.message.replaceAll(path, name), { cause: error });
  }
}

/** What is wrong with a photo, and not with the disk. */
function expectRefusal(error: unknown): BusanaError {
  if (error instanceof BusanaError && !ofStorage(error)) return error;
  throw error;
}
