/**
 * @file `npm run bench:decode [FOLDER]`: photos per second from files to what a network is fed, through the code of
 * training and prediction. Every stage is run in turn, warm, and its best and its median round are told, with the processor
 * time of a photo: beside other work, that one is the steadier figure.
 */
import { compileForward, normaliseImages, tensor } from '@busana/engine';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { batches } from '../../packages/vision/src/batches/batches.ts';
import { PhotoStore } from '../../packages/vision/src/batches/photo-store.ts';
import { readImageBytes } from '../../packages/vision/src/data/bytes.ts';
import type { Photo } from '../../packages/vision/src/data/dataset.ts';
import { resolvePolicy } from '../../packages/vision/src/image/augment/policy.ts';
import { preparePicture } from '../../packages/vision/src/image/resize.ts';
import { normalisations } from '../../packages/vision/src/image/tensor.ts';
import { inParallel } from '../../packages/vision/src/parallel.ts';
import { garments } from '../../packages/vision/src/taxonomy/builtin.ts';
import { readArguments, refuse } from './command-line.ts';

const SIZE = 224;
const BATCH = 32;
const ROUNDS = 5;

const help = `
npm run bench:decode -- [FOLDER]

Photos per second from files to what a network is fed, at ${SIZE} px, stage by stage, with the processor time of a photo.

  FOLDER   JPEGs (default: ../shared/data/hology/train)

Example: npm run bench:decode -- photos/train
`;
const { positionals } = readArguments({ allowPositionals: true }, help);
const folder = positionals[0] ?? '../shared/data/hology/train';
const names = (await readdir(folder).catch(() => refuse(`there is no folder ${folder}`))).filter((name) =>
  /\.jpe?g$/i.test(name),
);
if (names.length === 0) refuse(`${folder} has no JPEGs`);
const order = [...names.keys()];
const photosOnDisk = (): Photo[] =>
  names.map((name) => ({ id: name, name, location: { kind: 'file', path: join(folder, name) } }));
const photos = photosOnDisk();

const cache = await mkdtemp(join(tmpdir(), 'busana-bench-'));
const filled = await PhotoStore.create(photos, { size: SIZE, cache: join(cache, 'filled') });
const { policy } = await resolvePolicy('light', garments);
const forward = await compileForward({
  build(network) {
    const image = network.graph.input('image', 'uint8', ['N', SIZE, SIZE, 3]);
    const normalised = normaliseImages(network, image, normalisations.imagenet);
    // Within a network nobody copies the normalised pictures out of the runtime, nor here: a number of each is enough.
    const [start, end, axes] = [
      [0, 0],
      [1, 1],
      [2, 3],
    ].map((numbers) => network.graph.integers(numbers));
    return { corner: network.graph.op('Slice', [normalised, start!, end!, axes!]) };
  },
  session: { threads: 1 },
});

const prepare = async ({ location }: Photo): Promise<Uint8Array> =>
  (await preparePicture(await readImageBytes(location), SIZE)).data;
const normalise = async (images: Uint8Array): Promise<void> => {
  const count = images.length / (SIZE * SIZE * 3);
  await forward.run({ image: tensor('uint8', [count, SIZE, SIZE, 3], images) });
};
const epoch = async (augmentation: typeof policy): Promise<void> => {
  const wanted = { order, batchSize: BATCH, policy: augmentation, seed: 0, stream: 'bench', epoch: 1 };
  for await (const { indices } of batches(filled, wanted)) if (indices.length === 0) throw new Error('an empty batch');
};

let fresh = 0;
const stages: readonly (readonly [name: string, run: () => Promise<void>])[] = [
  ['read, decode, resize', () => inParallel(photos, async (photo) => void (await prepare(photo)))],
  [
    'the same, and normalise in batches',
    async () => {
      const images = new Uint8Array(BATCH * SIZE * SIZE * 3);
      let at = 0;
      let normalised = Promise.resolve();
      await inParallel(photos, async (photo) => {
        const data = await prepare(photo);
        images.set(data, at * data.length);
        at = (at + 1) % BATCH;
        if (at > 0) return;
        await normalised;
        normalised = normalise(images);
      });
      await normalised;
    },
  ],
  [
    'store, nothing in the cache',
    async () => {
      fresh += 1;
      const store = await PhotoStore.create(photosOnDisk(), { size: SIZE, cache: join(cache, `fresh-${fresh}`) });
      await store.release();
    },
  ],
  [
    'store, everything in the cache',
    async () => {
      const store = await PhotoStore.create(photosOnDisk(), { size: SIZE, cache: join(cache, 'filled') });
      await store.release();
    },
  ],
  ['an epoch of batches as they are', () => epoch([])],
  ['an epoch of batches, augmented lightly', () => epoch(policy)],
];

try {
  const results = stages.map(() => ({ seconds: [] as number[], processor: [] as number[] }));
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [index, [, run]] of stages.entries()) {
      const [start, used] = [performance.now(), process.cpuUsage()];
      await run();
      const { user, system } = process.cpuUsage(used);
      if (round === 0) continue;
      results[index]!.seconds.push((performance.now() - start) / 1000);
      results[index]!.processor.push((user + system) / 1000 / photos.length);
    }
  }
  const lines = [
    `${photos.length} photos of ${folder} to ${SIZE} x ${SIZE}; ${cpus()[0]?.model ?? ''}, ${availableParallelism()} cores, node ${process.version}, ${ROUNDS} rounds`,
    '| stage | photos/s, best | median | ms of processor per photo, least |',
    '| --- | --- | --- | --- |',
    ...stages.map(([name], index) => {
      const { seconds, processor } = results[index]!;
      const sorted = seconds.toSorted((a, b) => a - b);
      const rate = (time: number): string => (photos.length / time).toFixed(0);
      return `| ${name} | ${rate(sorted[0]!)} | ${rate(sorted[sorted.length >> 1]!)} | ${Math.min(...processor).toFixed(2)} |`;
    }),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
} finally {
  await forward.release();
  await filled.release();
  await rm(cache, { recursive: true, force: true });
}
