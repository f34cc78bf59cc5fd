/** Photos in flight at once: enough to keep the decoder's threads busy, few enough to bound memory. */
const IN_FLIGHT = 16;

/**
 * Does something with every item, {@link IN_FLIGHT} at a time, in their order.
 * @throws the first error, when everything begun has ended: nobody works on behind the back of whoever catches it
 */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const item = items[next]!;
      next += 1;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: IN_FLIGHT }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
