/** @file A worker in a process of its own: takes jobs, does nothing, and counts. Tells what it has done when it is asked to end. */
import { z } from 'zod';
import { openDatabase } from '../../packages/server/src/database/up-to-date.ts';
import { JobQueue } from '../../packages/server/src/jobs/queue.ts';
import { Worker } from '../../packages/server/src/jobs/worker.ts';
import { microseconds } from './clock.ts';

const database = await openDatabase(z.string().parse(process.argv[2]));
const queue = new JobQueue(database, () => Promise.resolve());
let done = 0;
/** Milliseconds from the sending of a job that says when that was. */
const latencies: number[] = [];
const worker = new Worker({
  ...{ orm: database.orm, queue, queues: [['predict']] },
  handlers: {
    handle: (work) => {
      const sent = 'positions' in work ? (work.positions[0] ?? 0) : 0;
      if (sent > 0) latencies.push((microseconds() - sent) / 1000);
      return Promise.resolve({});
    },
    wanted: () => Promise.resolve(true),
  },
  onFailure: (error) => {
    throw error;
  },
  onJob: () => (done += 1),
});
process.on('message', (message) => {
  if (message === 'begin') worker.start();
  else
    void worker
      .close()
      .then(database.close)
      .then(() => process.send?.({ done, latencies }, () => process.exit()));
});
process.send?.('ready');
