/** @file The containers of PyTorch's files, made by hand where PyTorch would not make them. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWeights } from '../../src/weights/read.ts';
import { folderWith } from '../support/temporary.ts';
import { zipBytes } from '../support/zip.ts';

interface Referred {
  readonly storage?: string;
  readonly key?: string;
  readonly elements?: number;
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const integer = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return `J${bytes.toString('latin1')}`;
};

/** The opcodes that push a tensor of all numbers of a storage. */
function tensor({ storage = 'FloatStorage', key = '0', elements = 2 }: Referred = {}): string {
  const reference = `(U\x07storagectorch\n${storage}\nU\x01${key}U\x03cpu${integer(elements)}NtQ`;
  return `ctorch._utils\n_rebuild_tensor_v2\n(${reference}K\0${integer(elements)}\x85K\x01\x85\x89NtR`;
}

/** The pickle of a dictionary with these names. */
const dictionary = (...tensors: string[]): Buffer =>
  latin1(`\x80\x02}(${tensors.map((content, at) => `S'w${at}'\n${content}`).join('')}u.`);

const numbers = Buffer.from(Float32Array.of(1.5, -2).buffer);

async function zipOf(pickle: Buffer, members: Record<string, Buffer | string> = { 'data/0': numbers }) {
  const files = Object.entries({ 'data.pkl': pickle, ...members });
  return read(zipBytes(files.map(([name, bytes]) => ({ name: `archive/${name}`, bytes, deflate: false }))));
}

interface Legacy {
  readonly magic?: string;
  readonly version?: string;
  readonly facts?: string;
  readonly pickle?: Buffer;
  readonly keys?: string;
  readonly count?: number;
  readonly rest?: Buffer;
}

async function legacyOf({ magic, version, facts, pickle, keys, count = 2, rest = numbers }: Legacy = {}) {
  const head = [
    magic ?? '\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.',
    version ?? '\x80\x02M\xe9\x03.',
    facts ?? '\x80\x02}U\x0dlittle_endian\x88s.',
  ];
  const length = Buffer.alloc(8);
  length.writeBigInt64LE(BigInt(count));
  const parts = [latin1(head.join('')), pickle ?? dictionary(tensor()), latin1(keys ?? "]S'0'\na."), length, rest];
  return read(Buffer.concat(parts));
}

async function read(file: Uint8Array) {
  const weights = await readWeights(join(await folderWith({ 'w.pt': file }), 'w.pt'));
  return [...weights].map(([name, { type, data }]) => [name, type, ...data]);
}

describe('zip files of PyTorch', () => {
  it('hold numbers that several tensors share', async () => {
    expect(await zipOf(dictionary(tensor(), tensor()))).toEqual([
      ['w0', 'float32', 1.5, -2],
      ['w1', 'float32', 1.5, -2],
    ]);
  });

  it.each<[string, Parameters<typeof zipOf>, string]>([
    ['lack a storage', [dictionary(tensor({ key: '1' }))], "storage '1' is not in the file"],
    ['have one that is too short', [dictionary(tensor({ elements: 3 }))], '8 bytes, not 3 numbers of float32'],
    [
      'have one of two types',
      [dictionary(tensor(), tensor({ storage: 'IntStorage' }))],
      "tensor 'w1' takes its storage",
    ],
    ['have untyped storages', [dictionary(tensor({ storage: 'storage\nUntypedStorage' }))], 'torch.storage'],
    ['are big-endian', [dictionary(tensor()), { 'data/0': numbers, byteorder: 'big' }], 'big-endian'],
    ['lack the pickle', [dictionary(), { 'data.pkl': '' }], 'cut off'],
    ['have no tensor', [dictionary()], 'no state dict'],
    ['reach out of the archive', [dictionary(tensor({ key: '/' })), { 'data/0': numbers }], "'/' is not in the file"],
  ])('are refused where they %s', async (_, args, message) => {
    await expect(zipOf(...args)).rejects.toThrow(message);
  });

  it('are told from other archives', async () => {
    await expect(read(zipBytes([{ name: 'photo.jpg', bytes: 'x' }]))).rejects.toThrow('torch.save did not write it');
  });

  it('are refused where their tensors would take much more memory than the file', async () => {
    const storage = { storage: 'ByteStorage', elements: 10_000 };
    const tensors = Array.from({ length: 100 }, () => tensor(storage));
    const bytes = { 'data/0': Buffer.alloc(10_000) };
    expect(await zipOf(dictionary(...tensors.slice(0, 4)), bytes)).toHaveLength(4);
    await expect(zipOf(dictionary(...tensors), bytes)).rejects.toThrow('1000000 numbers in a file of');
  });
});

describe('legacy files of PyTorch', () => {
  it('hold the storages in the order of the keys', async () => {
    const pickle = dictionary(tensor({ key: 'a', elements: 1 }), tensor({ key: 'b', storage: 'ShortStorage' }));
    const second = Buffer.concat([Buffer.from(BigInt64Array.of(1n).buffer), numbers.subarray(0, 4)]);
    const rest = Buffer.concat([Buffer.from(Int16Array.of(-300, 7).buffer), second]);
    expect(await legacyOf({ pickle, keys: "](S'b'\nS'a'\ne.", rest })).toEqual([
      ['w0', 'float32', 1.5],
      ['w1', 'int32', -300, 7],
    ]);
  });

  it.each<[string, Legacy, string]>([
    ['start with another number', { magic: '\x80\x02K\x01.' }, 'torch.save did not write'],
    ['have another version', { version: 'K\x01.' }, "has the version '1'"],
    ['are big-endian', { facts: '}U\x0dlittle_endian\x89s.' }, 'big-endian'],
    ['have a storage of another length', { count: 3 }, "storage '0' has 3 numbers, not 2"],
    ['have a storage of negative length', { count: -1 }, "storage '0' has -1 numbers"],
    ['have a storage too many', { keys: "](S'0'\nS'1'\ne." }, "a storage '1' that nothing refers to"],
    ['lack a storage', { keys: '].' }, "storage '0' is not in the file"],
    ['are cut off', { rest: numbers.subarray(1) }, 'cut off: 172 bytes of 173'],
    [
      'take a storage for two types',
      { pickle: dictionary(tensor(), tensor({ storage: 'IntStorage' })) },
      "storage '0' is referred to as two different ones",
    ],
  ])('are refused where they %s', async (_, parts, message) => {
    await expect(legacyOf(parts)).rejects.toThrow(message);
  });
});
