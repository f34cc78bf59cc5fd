/** @file The order of test files: at the end of a run no core waits for a long one that another began last. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Longest first: browsers and servers, then what trains; of the others none takes more than some seconds. */
const ranks = [/packages\/(web|cli)\/test\//, /packages\/server\/test\//, /packages\/vision\/test\/(explain|train|predict|export|analyze|data)\//]; // prettier-ignore

export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number => {
      const found = ranks.findIndex((folders) => folders.test(moduleId));
      // A process that is not shared ends: between others it would end theirs.
      return project.config.isolate ? ranks.length + 1 : found === -1 ? ranks.length : found;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
