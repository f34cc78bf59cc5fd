/** @file `s3://bucket/prefix?endpoint=…&region=…`: where an object storage is, and what it takes to ask it. */
import { BusanaError } from '@busana/contracts';

export interface S3Address {
  readonly bucket: string;
  /** Before every key: empty, or ending in `/`. */
  readonly prefix: string;
  /** Of a server that is not Amazon's. */
  readonly endpoint?: string;
  readonly region?: string;
  /** The bucket in the path, and not in the name of the host: for servers that are not Amazon's. */
  readonly pathStyle: boolean;
}

const known = new Set(['endpoint', 'region', 'path-style']);

/**
 * With an endpoint the bucket stands in the path and the region is `us-east-1`, unless said otherwise; without, both are
 * as the AWS SDK finds them.
 * @throws BusanaError CONFIG_INVALID
 */
export function readS3Address(text: string): S3Address {
  if (!URL.canParse(text)) throw invalid(text, 'it is not an address');
  const { hostname: bucket, pathname, username, password, port, searchParams } = new URL(text);
  if (username !== '' || password !== '') throw invalid('s3://…', 'credentials do not belong into it', 'Give them the ways of the AWS SDK, e.g. AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.'); // prettier-ignore
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) || port !== '') throw invalid(text, `'${bucket}' is not the name of a bucket`); // prettier-ignore
  const stray = [...searchParams.keys()].find((name) => !known.has(name));
  if (stray !== undefined) throw invalid(text, `it says '${stray}'`, `Say ${[...known].join(', ')}, or nothing.`);
  const folder = pathname.split('/').filter((part) => part !== '').join('/'); // prettier-ignore
  const endpoint = searchParams.get('endpoint') ?? undefined;
  if (endpoint !== undefined && !/^https?:\/\/[^/]+\/?$/.test(endpoint)) throw invalid(text, `the endpoint '${endpoint}' is not http://host:port or https://host`); // prettier-ignore
  const region = searchParams.get('region') ?? (endpoint === undefined ? undefined : 'us-east-1');
  const style = searchParams.get('path-style');
  if (style !== null && style !== 'true' && style !== 'false') throw invalid(text, `path-style is '${style}'`, 'Say true or false.'); // prettier-ignore
  return {
    bucket,
    prefix: folder === '' ? '' : `${folder}/`,
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    pathStyle: style === null ? endpoint !== undefined : style === 'true',
  };
}

function invalid(
  text: string,
  why: string,
  remedy = 'Write s3://bucket/prefix?endpoint=https://host&region=name; only the bucket is needed.',
) {
  // prettier-ignore
  return new BusanaError('CONFIG_INVALID', `--storage '${text}' cannot be used: ${why}`, { remedy });
}
