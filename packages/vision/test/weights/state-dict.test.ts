import { BusanaError } from '@busana/contracts';
import { describe, expect, it } from 'vitest';
import {
  PickleGlobal,
  PickleObject,
  PickleReference,
  PickleTuple,
  type PickleValue,
} from '../../src/weights/pickle-values.ts';
import { stateDictOf, withoutPrefix } from '../../src/weights/state-dict.ts';
import { tensorIn } from '../../src/weights/torch-tensors.ts';

interface View {
  readonly elements?: number;
  readonly offset?: PickleValue;
  readonly shape?: PickleValue[];
  readonly strides?: PickleValue[];
  readonly view?: PickleValue;
}

/** What a pickle of PyTorch says of a float32 tensor. */
function pickled({ elements = 6, offset = 0, shape = [2, 3], strides = [3, 1], view = null }: View = {}): PickleObject {
  const id = new PickleTuple(['storage', new PickleGlobal('torch.FloatStorage'), '0', 'cpu', elements, view]);
  return new PickleObject(new PickleGlobal('torch._utils._rebuild_tensor_v2'), [
    new PickleReference(id),
    offset,
    new PickleTuple(shape),
    new PickleTuple(strides),
  ]);
}

function layer(attributes: Record<string, PickleValue>): PickleObject {
  const object = new PickleObject(new PickleGlobal('torch.nn.modules.module.Module'), []);
  object.state = new Map(Object.entries({ _modules: new Map(), ...attributes }));
  return object;
}

const dictionary = (entries: Record<string, PickleValue>): Map<PickleValue, PickleValue> =>
  new Map(Object.entries(entries));

function refusal(checkpoint: PickleValue): string {
  try {
    stateDictOf(checkpoint, 'weights.pt');
  } catch (error) {
    expect(error).toBeInstanceOf(BusanaError);
    return (error as BusanaError).message;
  }
  throw new Error('it was not refused');
}

describe('stateDictOf', () => {
  it('prefers averaged weights, and what is there over what is not', () => {
    const of = (names: string[]) =>
      names.map((name, at): [string, PickleValue] => [name, dictionary({ w: pickled({ offset: at, shape: [1], strides: [1] }) })]); // prettier-ignore
    const offset = (entries: [string, PickleValue][]) => stateDictOf(new Map(entries), 'f').get('w')?.offset;
    expect(offset(of(['model', 'state_dict', 'ema']))).toBe(2);
    expect(offset([...of(['model']), ['ema', null]])).toBe(0);
    expect(offset(of(['model', 'state_dict_ema']))).toBe(1);
  });

  it('takes a file of tensors as the state dict even where one is called like a wrapper', () => {
    expect([...stateDictOf(dictionary({ w: pickled(), model: dictionary({}) }), 'f').keys()]).toEqual(['w']);
  });

  it('refuses wrappers without end and models without end', () => {
    const wrapper = dictionary({});
    wrapper.set('model', wrapper);
    expect(refusal(wrapper)).toContain('no state dict in it; it holds model');
    const model = layer({});
    (model.state as Map<PickleValue, PickleValue>).set('_modules', dictionary({ again: model }));
    expect(refusal(model)).toMatch(/without end, at 'again\.again\./);
    expect(refusal(layer({ _modules: dictionary({ ['x'.repeat(600)]: layer({}) }) }))).toContain('without end');
    let twice = layer({ _parameters: dictionary({ w: pickled() }) });
    for (let depth = 0; depth < 64; depth += 1) twice = layer({ _modules: dictionary({ a: twice, b: twice }) });
    expect(refusal(twice)).toContain('without end');
  });

  it('names the tensor that reaches outside its storage, or whose numbers are no counts', () => {
    const of = (view: View) => refusal(dictionary({ 'fc.weight': pickled(view) }));
    expect(of({ offset: 1 })).toContain("tensor 'fc.weight': reaches number 6 of a storage of 6");
    expect(of({ strides: [4, 1] })).toContain('reaches number 6');
    expect(of({ shape: [2 ** 40, 2 ** 40], strides: [0, 0] })).toContain('more than its storage');
    expect(of({ shape: [7], strides: [0] })).toContain('has 7 numbers');
    expect(of({ strides: [-1, 1] })).toContain("tensor 'fc.weight': offset, shape or strides are not counts");
    expect(of({ offset: -1 })).toContain('not counts');
    expect(of({ offset: 2n ** 70n })).toContain('not counts');
    expect(of({ shape: [6] })).toContain('not counts');
    expect(of({ elements: 1.5 })).toContain('torch.FloatStorage, which is not read');
  });

  it('follows views that old files put into the storage', () => {
    const view = new PickleTuple(['1', 2, 4]);
    const found = stateDictOf(dictionary({ w: pickled({ view, offset: 1, shape: [2], strides: [2] }) }), 'f').get('w')!;
    const storage = new Uint8Array(Float32Array.of(0, 1, 2, 3, 4, 5).buffer);
    expect([...tensorIn(storage, found).data]).toEqual([3, 5]);
  });
});

describe('withoutPrefix', () => {
  it('takes a prefix that every name has, and leaves counters out', () => {
    const names = (...given: string[]) => [...withoutPrefix(new Map(given.map((name) => [name, 0]))).keys()];
    expect(names('module.a', 'module.module.b', 'module.bn.num_batches_tracked')).toEqual(['a', 'module.b']);
    expect(names('module.a', 'b')).toEqual(['module.a', 'b']);
  });
});
