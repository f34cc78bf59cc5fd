/**
 * @file What a gradient rule is. A rule sees one forward node through five words - input, output, gradientOfOutput,
 * wanted, build - and returns the gradient of each input. It never mentions broadcasting: the walk
 * (`autodiff/gradients.ts`) fits each gradient to the shape of its input, by summing or by repeating.
 */
import type { OperatorType } from '../graph/operators.ts';
import type { Node, Value } from '../graph/value.ts';
import type { Build } from './build.ts';

/** One node as its rule sees it. Shapes and attributes are read from `node`, numbers only through the words below. */
export interface Backward<T extends OperatorType = OperatorType> {
  readonly node: Node<T>;
  readonly build: Build;
  /** A forward input; the rule must declare that it saves it. */
  readonly input: (index: number) => Value;
  /** A forward output; the rule must declare that it saves it. */
  readonly output: (index: number) => Value;
  /** The gradient of the loss with respect to an output, in the shape of that output. */
  readonly gradientOfOutput: (index: number) => Value;
  /** Whether anybody asks for the gradient of this input. What is not wanted is not built. */
  readonly wanted: (index: number) => boolean;
}

/** Gradients by input; undefined where none is wanted. */
export type Gradients = readonly (Value | undefined)[];

/** The forward values a rule keeps in memory until its turn comes. */
export interface Saved {
  readonly inputs?: readonly number[] | 'all';
  readonly outputs?: readonly number[];
}

export interface Rule<T extends OperatorType = OperatorType> {
  readonly kind: 'rule';
  readonly saves: Saved;
  /** Set where only the first output carries a gradient: statistics and positions beside it do not. */
  readonly firstOutputOnly: boolean;
  gradient(backward: Backward<T>): Gradients;
}

/** The derivative is zero wherever it exists, or the result is not a real number. */
export interface Constant {
  readonly kind: 'constant';
  readonly why: string;
}

/** A derivative exists, but the engine does not derive it. */
export interface Refusal {
  readonly kind: 'refuse';
  readonly why: string;
}

export type Verdict<T extends OperatorType> = Rule<T> | Constant | Refusal;

/** A verdict on every operator: leaving one out does not compile. */
export type RuleTable = { readonly [T in OperatorType]: Verdict<T> };

export function constant(why: string): Constant {
  return { kind: 'constant', why };
}

export function refuse(why: string): Refusal {
  return { kind: 'refuse', why };
}

export function rule<T extends OperatorType>(saves: Saved, gradient: Rule<T>['gradient']): Rule<T> {
  return { kind: 'rule', saves, firstOutputOnly: false, gradient };
}

/** A rule for an operator whose outputs after the first carry no gradient. */
export function firstOutputRule<T extends OperatorType>(saves: Saved, gradient: Rule<T>['gradient']): Rule<T> {
  return { kind: 'rule', saves, firstOutputOnly: true, gradient };
}

/** y = L(x) for a linear L: dx = L'(dy), nothing saved. Inputs after the first carry no gradient. */
export function linear<T extends OperatorType>(
  transposed: (gradient: Value, build: Build, node: Node<T>) => Value,
): Rule<T> {
  return rule({}, ({ node, build, gradientOfOutput }) => [transposed(gradientOfOutput(0), build, node)]);
}

/** y = f(x): dx written with x. Inputs after the first carry no gradient. */
export function fromInput<T extends OperatorType>(
  derivative: (gradient: Value, x: Value, build: Build, node: Node<T>) => Value,
): Rule<T> {
  return rule({ inputs: [0] }, ({ node, build, input, gradientOfOutput }) => [
    derivative(gradientOfOutput(0), input(0), build, node),
  ]);
}

/** y = f(x): dx written with y, so that x can be forgotten. */
export function fromOutput<T extends OperatorType>(
  derivative: (gradient: Value, y: Value, build: Build, node: Node<T>) => Value,
): Rule<T> {
  return rule({ outputs: [0] }, ({ node, build, output, gradientOfOutput }) => [
    derivative(gradientOfOutput(0), output(0), build, node),
  ]);
}

/** One formula per input, built where wanted. */
export function perInput<T extends OperatorType>(
  saves: Saved,
  ...formulas: readonly ((backward: Backward<T>, gradient: Value) => Value)[]
): Rule<T> {
  return rule(saves, (backward) =>
    formulas.map((formula, index) =>
      backward.wanted(index) ? formula(backward, backward.gradientOfOutput(0)) : undefined,
    ),
  );
}
