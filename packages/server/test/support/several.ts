import { jpeg } from '../../../vision/test/support/temporary.ts';

/** Photos that are all different files, of five pictures. */
export function several(count: number): Promise<Buffer[]> {
  return Promise.all(Array.from({ length: count }, async (_, at) => Buffer.concat([await jpeg(at % 5), Buffer.from(`no ${at}`)]))); // prettier-ignore
}
