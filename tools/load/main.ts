/**
 * @file `npm run bench:load -- [PHASE …]`: predictions over HTTP, one photo a request: what a server with the shipped model
 * takes, how long answers take at 80 % of that and at three times that, and what is left of `busana predict`'s speed.
 */
import { availableParallelism, cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { readArguments, refuse } from '../bench/command-line.ts';
import { measureBulk, type Bulk } from './bulk.ts';
import { Connections } from './connections.ts';
import { quantile, saturate, steady, type Outcome } from './phases.ts';
import { PhotoRequests } from './photos.ts';
import { machineUsage, startServer, usageOf, type Usage } from './server.ts';

const help = `
npm run bench:load -- [PHASE …] [--photos FOLDER] [--model FILE] [--capacity RATE] [--seconds N]

Predictions over HTTP, one photo a request, by a generator on the same cores. Needs Linux.

  PHASE             bulk       photos per second of busana predict, without a server
                    capacity   requests per second with 32 under way at any moment
                    sustained  80 % of that, at a fixed rate
                    overload   three times that, and how long until all is as before
                    (default: all, in this order)
  --photos FOLDER   JPEGs (default: ../shared/data/hology/train)
  --model FILE      model.onnx or run folder (default: the one that comes with busana)
  --capacity RATE   requests per second, where the phase is left out
  --seconds N       of sustained and overload (default: 60)

Example: npm run bench:load -- capacity sustained --seconds 20
`;
const PHASES = ['bulk', 'capacity', 'sustained', 'overload'];
/** Requests under way while capacity is measured: two batches of the shipped model, one computed and one decoded. */
const AT_ONCE = 32;
const WARM = 5;

const { values, positionals } = readArguments(
  {
    options: {
      photos: { type: 'string', default: '../shared/data/hology/train' },
      model: { type: 'string' },
      capacity: { type: 'string' },
      seconds: { type: 'string', default: '60' },
    },
    allowPositionals: true,
  },
  help,
);
const phases = positionals.length > 0 ? positionals : PHASES;
if (!phases.every((phase) => PHASES.includes(phase))) refuse(`phases are ${PHASES.join(', ')}`);
const seconds = Number(values.seconds);
if (!(seconds > 0)) refuse('--seconds is a number above 0');
let capacity = Number(values.capacity ?? NaN);
if (Number.isNaN(capacity) && !phases.includes('capacity') && phases.some((phase) => phase !== 'bulk')) {
  refuse('--capacity is needed without the phase of that name');
}

console.log(`${cpus()[0]?.model ?? ''}, ${availableParallelism()} cores, node ${process.version}`);
let bulk: Bulk | undefined;
if (phases.includes('bulk')) {
  bulk = await measureBulk(values.photos, 4);
  console.log(`bulk: ${bulk.rate.toFixed(1)} photos/s, ${bulk.processor.toFixed(1)} ms of processor a photo`);
}
if (phases.some((phase) => phase !== 'bulk')) await loadServer();

async function loadServer(): Promise<void> {
  const server = await startServer(values.model === undefined ? [] : ['--model', values.model]);
  const connections = new Connections(server.address);
  const requests = await PhotoRequests.of(server.address, values.photos);
  const next = (): Buffer => requests.next();
  const measure = async (name: string, phase: () => Promise<Outcome>): Promise<Outcome> => {
    const [before, own, begin] = [await usageOf(server.pid), process.cpuUsage(), performance.now()];
    const machine = await machineUsage();
    const memory: number[] = [];
    const sampling = setInterval(() => void usageOf(server.pid).then(({ mib }) => memory.push(mib)), 500);
    const outcome = await phase();
    clearInterval(sampling);
    const [after, machineAfter] = [await usageOf(server.pid), await machineUsage()];
    const [busy, stolen] = [machineAfter.busy - machine.busy, machineAfter.stolen - machine.stolen];
    const { user, system } = process.cpuUsage(own);
    const took = (performance.now() - begin) / 1000;
    console.log(describe(name, outcome, { before, after, memory, took, own: (user + system) / 1e6, busy, stolen }));
    return outcome;
  };
  try {
    await saturate(connections, next, AT_ONCE, WARM);
    if (phases.includes('capacity')) {
      const { accepted, seconds: took } = await measure('capacity', () => saturate(connections, next, AT_ONCE, 20));
      capacity = accepted.length / took;
      const share = bulk === undefined ? '' : `, ${((100 * capacity) / bulk.rate).toFixed(1)} % of bulk`;
      console.log(`capacity: ${capacity.toFixed(1)} requests/s${share}`);
    }
    if (phases.includes('sustained')) {
      await measure('sustained', () => steady(connections, next, 0.8 * capacity, seconds));
    }
    if (phases.includes('overload')) {
      const before = (await usageOf(server.pid)).mib;
      await measure('overload', () => steady(connections, next, 3 * capacity, seconds));
      const begin = performance.now();
      let calm: Outcome;
      do calm = await steady(connections, next, 0.5 * capacity, 1);
      while (calm.accepted.length < calm.late.length || quantile(calm.accepted, 0.99) > 500);
      console.log(
        `recovered: ${((performance.now() - begin) / 1000).toFixed(1)} s until a whole second at half of capacity is answered within 500 ms`,
      );
      console.log(
        `memory: ${before.toFixed(0)} MiB before, ${(await usageOf(server.pid)).mib.toFixed(0)} MiB afterwards`,
      );
    }
  } finally {
    connections.close();
    await server.close();
  }
}

interface Used {
  readonly before: Usage;
  readonly after: Usage;
  /** Resident memory on the way, in MiB. */
  readonly memory: readonly number[];
  readonly took: number;
  /** Processor seconds of the generator. */
  readonly own: number;
  /** Of the whole machine, and what its host gave to other machines. */
  readonly busy: number;
  readonly stolen: number;
}

function describe(name: string, { seconds: length, statuses, accepted, others, late }: Outcome, used: Used): string {
  const times = (list: readonly number[]): string =>
    [0.5, 0.95, 0.99, 1].map((share) => quantile(list, share).toFixed(0)).join(' / ');
  const cores = (processor: number): string => (processor / used.took).toFixed(2);
  const counts = [...statuses].sort(([one], [other]) => one - other).map(([status, count]) => `${count} x ${status}`);
  return [
    `${name}: ${(late.length / length || accepted.length / length).toFixed(1)} requests/s for ${length.toFixed(0)} s: ${counts.join(', ')}`,
    `  accepted ${(accepted.length / length).toFixed(1)}/s, ms p50 / p95 / p99 / max: ${times(accepted)}${others.length > 0 ? `; refused: ${times(others)}` : ''}`,
    `  ms of processor a photo ${((1000 * (used.after.processor - used.before.processor)) / accepted.length).toFixed(1)}; cores: server ${cores(used.after.processor - used.before.processor)}, generator ${cores(used.own)}, others ${cores(used.busy - used.own - (used.after.processor - used.before.processor))}, stolen ${cores(used.stolen)}; sent late, ms p99: ${quantile(late, 0.99).toFixed(1)}`,
    `  server MiB ${used.before.mib.toFixed(0)} -> ${used.after.mib.toFixed(0)}, most ${Math.max(...used.memory).toFixed(0)}; descriptors ${used.before.descriptors} -> ${used.after.descriptors}`,
  ].join('\n');
}
