/** @file An S3-compatible server of its own for tests: versitygw over a folder, on loopback, stopped when they end. */
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { withoutNotice } from '../../src/storage/without-notice.ts';
import { freePort } from './ports.ts';

/** `go install` puts programs here. */
const places = [...(process.env['PATH'] ?? '').split(delimiter), join(homedir(), 'go', 'bin')];
/** Undefined where there is none, and tests that need it are skipped. */
export const s3Program = places.map((folder) => join(folder, 'versitygw')).find((path) => existsSync(path));

export interface S3Server {
  readonly endpoint: string;
  /** Address of a bucket that is empty. */
  readonly bucket: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

const credentials = { accessKeyId: 'busana', secretAccessKey: 'a-secret-of-tests' };

/** The credentials stand in the environment of this process, as the SDK looks for them, until it is stopped. */
export async function startS3(): Promise<S3Server> {
  if (s3Program === undefined) throw new Error('there is no versitygw');
  const folder = await mkdtemp(join(tmpdir(), 'busana-s3-'));
  const port = await freePort();
  const { accessKeyId, secretAccessKey } = credentials;
  const server = spawn(
    s3Program,
    ['--access', accessKeyId, '--secret', secretAccessKey, '--port', `127.0.0.1:${port}`, '--quiet', 'posix', folder],
    { stdio: 'ignore', cwd: folder },
  );
  const ended = once(server, 'close');
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
  const endpoint = `http://127.0.0.1:${port}`;
  const client = withoutNotice(
    () => new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials }),
  );
  const bucket = async (): Promise<string> => {
    const name = `busana-${randomUUID()}`;
    await client.send(new CreateBucketCommand({ Bucket: name }));
    return `s3://${name}/a/prefix?endpoint=${endpoint}`;
  };
  for (let attempt = 1; !(await answers(endpoint)); attempt += 1) {
    if (attempt === 200 || server.exitCode !== null) throw new Error('versitygw did not start');
    await setTimeout(50);
  }
  return {
    endpoint,
    bucket,
    stop: async () => {
      delete process.env['AWS_ACCESS_KEY_ID'];
      delete process.env['AWS_SECRET_ACCESS_KEY'];
      client.destroy();
      // Asked to end it waits for connections that clients keep open.
      server.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(endpoint: string): Promise<boolean> {
  return fetch(endpoint).then(
    () => true,
    () => false,
  );
}
