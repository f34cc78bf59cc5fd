import { BusanaError } from '@busana/contracts';

/** @throws BusanaError INTERRUPTED */
export function stopWhenAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new BusanaError('INTERRUPTED', 'stopped while explaining', {
    remedy: 'Run the command again; --samples with a smaller number takes less time.',
  });
}
