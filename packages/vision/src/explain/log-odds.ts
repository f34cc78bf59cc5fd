/**
 * @file What values add up to: a network that is sure moves its probability by little, and the log-odds behind it by much.
 * As shap's `link=logit`.
 */
import { BusanaError, type ExplainedScore } from '@busana/contracts';
import { floats, type Graph, type Value } from '@busana/engine';
import type { Answer, Subject } from './subject.ts';

/** Probabilities below this, which float32 still holds, count as it: log-odds stay within 69. */
const LEAST = 1e-30;

/**
 * What is explained of a model: log-odds where it answers with probabilities, unless its outputs are asked for.
 * @throws BusanaError CONFIG_INVALID when log-odds are asked for and there are none
 */
export function scoreOf({ name, probabilities }: Subject, wanted: ExplainedScore | undefined): ExplainedScore {
  if (wanted === 'log-odds' && !probabilities) {
    throw new BusanaError('CONFIG_INVALID', `whether ${name} answers with probabilities is not known`, {
      remedy: 'Use --score output, which explains its scores as they come.',
    });
  }
  return wanted ?? (probabilities ? 'log-odds' : 'output');
}

/** The subject with its answers as they are explained. */
export function scored(subject: Subject, score: ExplainedScore): Subject {
  if (score === 'output') return subject;
  return {
    ...subject,
    async answer(pictures, count) {
      const answer = await subject.answer(pictures, count);
      const entries = subject.attributes.map(
        ({ name, values }) => [name, logOdds(answer[name]!, values.length)] as const,
      );
      return { ...answer, ...Object.fromEntries(entries) } satisfies Answer;
    },
  };
}

/**
 * log(p / (1 - p)), with 1 - p summed from the other classes: it keeps its digits where p is 1 but for rounding.
 * @param probabilities `[count, classes]`
 */
export function logOdds(probabilities: Float32Array, classes: number): Float32Array {
  return probabilities.map((own, at) => {
    const row = at - (at % classes);
    let others = 0;
    for (let other = row; other < row + classes; other += 1) if (other !== at) others += probabilities[other]!;
    return Math.log(Math.max(LEAST, own)) - Math.log(Math.max(LEAST, others));
  });
}

/** The same in a graph. @param probabilities `[N, classes]` */
export function logOddsIn(graph: Graph, probabilities: Value): Value {
  const classes = Number(probabilities.shape[1]);
  const rest = Float32Array.from({ length: classes ** 2 }, (_, at) => (at % (classes + 1) === 0 ? 0 : 1));
  const others = graph.op('MatMul', [probabilities, graph.constant(floats([classes, classes], rest))]);
  const least = graph.scalar(LEAST);
  const log = (value: Value): Value => graph.op('Log', [graph.op('Max', [value, least])]);
  return graph.op('Sub', [log(probabilities), log(others)]);
}
