/** @file What an object storage has answered, or has not, in words. */
import { S3ServiceException } from '@aws-sdk/client-s3';
import { BusanaError } from '@busana/contracts';

/** Whether there is no such object; a bucket that is not there is something else. */
export function isMissing(error: unknown): boolean {
  if (!(error instanceof S3ServiceException) || error.name === 'NoSuchBucket') return false;
  return error.$metadata.httpStatusCode === 404;
}

/** @returns BusanaError STORAGE_UNAVAILABLE */
export function s3Failure(address: string, cause: unknown): BusanaError {
  const told = (why: string, remedy?: string) => {
    const end = remedy === undefined ? {} : { remedy };
    return new BusanaError('STORAGE_UNAVAILABLE', `the storage ${address} ${why}`, { cause, ...end });
  };
  if (!(cause instanceof Error)) return told(`does not answer: ${String(cause)}`);
  const status = cause instanceof S3ServiceException ? cause.$metadata.httpStatusCode : undefined;
  if (cause.name === 'CredentialsProviderError') {
    return told('asks for credentials, and there are none', 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give a role or a profile the ways of the AWS SDK.'); // prettier-ignore
  }
  if (status === 403) {
    return told(`refuses these credentials: ${cause.name}`, 'Check the keys, the clock of this machine, and that they may list, get, put and delete in this bucket.'); // prettier-ignore
  }
  if (status === 404) return told('has no such bucket', 'Make the bucket first, or correct its name.');
  if (status === 301) return told('is in another region', 'Name it: --storage "s3://bucket/prefix?region=…".');
  if (status !== undefined) return told(`answers ${status}: ${cause.name}`);
  return told(`does not answer: ${cause.message || cause.name}`);
}
