/**
 * A NumPy file, version 1.0 (numpy.lib.format): what `numpy.load` reads.
 * @param shape its product is the number of values
 */
export function encodeNpy(values: Float32Array, shape: readonly number[]): Uint8Array {
  const sizes = shape.length === 1 ? `${shape.join()},` : shape.join(', ');
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes}), }`;
  const magic = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0]);
  // Magic, two bytes for the length of the header, the header: together a multiple of 64, ended by a line feed.
  const padded = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded.length);
  const body = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => body.writeFloatLE(value, at * 4));
  return Buffer.concat([magic, length, Buffer.from(padded, 'latin1'), body]);
}
