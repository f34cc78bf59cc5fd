/** @file Whether a failure is the database's, which comes back, and nobody else's. */

/** Classes of SQLSTATE: connections, shutdowns and recovery, too many connections; and whoever has had to give way to another. */
const AWAY = /^(08|57P0|53300|40001|40P01)/;
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);
const SAID =
  /connection terminated|connection timeout|timeout exceeded when trying to connect|client has encountered a connection error|server closed the connection/i;

/** @param error with its causes */
export function isAway(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : '';
    if (AWAY.test(code) || NETWORK.has(code) || SAID.test(at.message)) return true;
  }
  return false;
}
