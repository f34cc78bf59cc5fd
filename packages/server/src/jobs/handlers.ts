/** @file Which part of the server does which kind of job. */
import type { AnalysisWork } from '../analysis/work.ts';
import type { ImportWork } from '../imports/work.ts';
import type { TrainingWork } from '../trainings/work.ts';
import type { AnewWork } from '../models/anew.ts';
import type { Handlers } from './worker.ts';

export interface Parts {
  readonly imports: ImportWork;
  readonly trainings: TrainingWork;
  readonly analysis: AnalysisWork;
  readonly anew: AnewWork;
}

export function handlersOf({ imports, trainings, analysis, anew }: Parts): Handlers {
  return {
    handle: (work, doing) => {
      if (work.kind === 'receive') return imports.receive(work, doing);
      if (work.kind === 'predict') return imports.predict(work, doing);
      if (work.kind === 'anew') return anew.ask(work, doing);
      if (work.kind === 'train') return trainings.train(work.training, doing);
      return analysis.analyze(work.analysis, doing);
    },
    wanted: (work) => {
      if (work.kind === 'anew') return anew.wanted(work);
      if (work.kind === 'train') return trainings.wanted(work.training);
      if (work.kind === 'analyze') return analysis.wanted(work.analysis);
      return imports.wanted(work.import);
    },
  };
}
