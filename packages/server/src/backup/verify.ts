/** @file Whether a backup is whole: every row and file of it, by count and hash. */
import { BusanaError, type Problem } from '@busana/contracts';
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { manifestSchema, objectSchema, type BackupObject, type Manifest, type OnProgress } from './manifest.ts';
import type { Measured } from '../storage/measuring.ts';
import { readEntries } from './tar.ts';

/** Problems that are told one by one. */
const MOST = 20;

export interface VerifiedBackup {
  readonly manifest: Manifest;
  readonly objects: ReadonlyMap<string, BackupObject>;
}

/**
 * Reads all of it and writes nothing.
 * @throws BusanaError BACKUP_INVALID with what is wrong, entry by entry; DATA_NOT_FOUND
 */
export async function verifyBackup(file: string, onProgress?: OnProgress): Promise<VerifiedBackup> {
  const { size } = await stat(file).catch((cause: unknown) => {
    throw new BusanaError('DATA_NOT_FOUND', `${file} does not exist`, { remedy: 'Give the path of a backup.', cause });
  });
  const found = new Map<string, Measured & { readonly lines: number }>();
  const texts = new Map<string, string>();
  try {
    for await (const { name, stream } of readEntries(file, (bytes) => onProgress?.('verify', bytes, size))) {
      const hash = createHash('sha256');
      let [bytes, lines] = [0, 0];
      const kept: Buffer[] = [];
      for await (const chunk of stream) {
        hash.update(chunk);
        bytes += chunk.length;
        if (name.startsWith('tables/')) lines += countLines(chunk);
        if (name.startsWith('manifest.') || name === 'objects.jsonl') kept.push(chunk);
      }
      found.set(name, { bytes, lines, sha256: hash.digest('hex') });
      if (kept.length > 0) texts.set(name, Buffer.concat(kept).toString('utf8'));
    }
  } catch (cause) {
    throw invalid(file, cause instanceof Error ? cause.message : String(cause), [], cause);
  }
  const text = texts.get('manifest.json');
  if (text === undefined) throw invalid(file, 'it has no manifest: it is not a backup, or its end is missing');
  if (texts.get('manifest.sha256') !== found.get('manifest.json')?.sha256)
    throw invalid(file, 'its manifest was changed');
  const manifest = manifestSchema.safeParse(jsonOf(text));
  if (!manifest.success) throw invalid(file, `its manifest is of another form: ${z.prettifyError(manifest.error)}`);
  const problems: Problem[] = [];
  const expectEntry = (name: string, wanted: Partial<Measured> & { rows?: number }): void => {
    const entry = found.get(name);
    if (entry === undefined) problems.push({ file: name, message: 'is missing' });
    else if (entry.sha256 !== wanted.sha256) problems.push({ file: name, message: 'was changed' });
    else if (wanted.rows !== undefined && entry.lines !== wanted.rows) problems.push({ file: name, message: `has ${entry.lines} rows, and should have ${wanted.rows}` }); // prettier-ignore
  };
  expectEntry('objects.jsonl', manifest.data.objects);
  const objects = problems.length > 0 ? new Map<string, BackupObject>() : objectsIn(texts.get('objects.jsonl') ?? '');
  for (const table of manifest.data.tables) expectEntry(`tables/${table.name}.jsonl`, table);
  for (const object of objects.values()) expectEntry(`objects/${object.key}`, object);
  if (problems.length > 0) throw invalid(file, `${problems.length} of its parts are not as they were written`, problems.slice(0, MOST)); // prettier-ignore
  return { manifest: manifest.data, objects };
}

function objectsIn(text: string): Map<string, BackupObject> {
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => objectSchema.parse(jsonOf(line))).map((object) => [object.key, object]));
}

function countLines(chunk: Buffer): number {
  let lines = 0;
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
  return lines;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalid(file: string, why: string, problems: readonly Problem[] = [], cause?: unknown): BusanaError {
  return new BusanaError('BACKUP_INVALID', `${file} cannot be restored: ${why}`, { problems, cause });
}
