/**
 * @file Connections to a PostgreSQL whose machine may go without a word. A query may take long, and TCP waits for a quarter of
 * an hour: so whoever waits for seconds has another connection asked, and when nobody answers there either, all are broken off.
 */
import type { Pool, PoolClient } from 'pg';
import { Socket } from 'node:net';

/** Milliseconds. */
export interface Patience {
  /** Between two looks at who waits. */
  readonly look: number;
  /** How long somebody has had a connection before another one is asked. */
  readonly long: number;
  /** How long that one may be silent. */
  readonly silence: number;
}

/** Twelve seconds until it is said that the database is away. */
export const PATIENCE: Patience = { look: 2000, long: 4000, silence: 6000 };
/** Milliseconds until a connection stands, and after which one that nobody hears of is looked after by the system. */
const CONNECTING = { connectionTimeoutMillis: 10_000, keepAlive: true, keepAliveInitialDelayMillis: 10_000 };

export interface WatchedPool {
  readonly pool: Pool;
  readonly close: () => Promise<void>;
}

export async function watchedPool(url: string, patience: Patience = PATIENCE): Promise<WatchedPool> {
  const { Pool, Client, DatabaseError } = (await import('pg')).default;
  const sockets = new Set<Socket>();
  const stream = (): Socket => {
    const socket = new Socket();
    sockets.add(socket);
    // The library hears of it as well, but where it speaks TLS over it.
    return socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  };
  const pool = new Pool({ connectionString: url, ...CONNECTING, stream });
  const since = new Map<PoolClient, number>();
  pool.on('acquire', (client) => since.set(client, performance.now()));
  pool.on('release', (_, client) => since.delete(client));
  pool.on('remove', (client) => since.delete(client));

  /** Whatever it answers, also that it takes no more connections. */
  async function answers(): Promise<boolean> {
    const begin = performance.now();
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      // Who has been stopped itself has not heard what came meanwhile.
      timer = setTimeout(() => resolve(performance.now() - begin > 1.5 * patience.silence), patience.silence);
    });
    const asked = client.connect().then(() => client.query('select 1')).then(() => true, (error: unknown) => error instanceof DatabaseError); // prettier-ignore
    try {
      return await Promise.race([asked, late]);
    } finally {
      clearTimeout(timer);
      void client.end().catch(() => undefined);
    }
  }

  let asking = false;
  const look = async (): Promise<void> => {
    const now = performance.now();
    if (asking || ![...since.values()].some((time) => now - time > patience.long)) return;
    asking = true;
    try {
      if (!(await answers())) breakOff(sockets);
    } finally {
      asking = false;
    }
  };
  const looking = setInterval(() => void look(), patience.look).unref();
  return {
    pool,
    close: async () => {
      // Where nobody answers, nobody says goodbye.
      const leaving = setTimeout(() => breakOff(sockets), patience.silence);
      await pool.end();
      clearTimeout(leaving);
      clearInterval(looking);
    },
  };
}

function breakOff(sockets: ReadonlySet<Socket>): void {
  const silent = Object.assign(new Error('the database does not answer'), { code: 'ETIMEDOUT' });
  for (const socket of sockets) socket.destroy(silent);
}
