import { listProviders } from '@busana/engine';
import { expect, it } from 'vitest';
import { examine } from '../src/doctor.ts';
import { describeIntegerSpeed, readProcessor } from '../src/processor.ts';

it('the doctor tells the speed of int8, the providers, and which devices work', async () => {
  const { facts } = await examine();
  const value = (name: string) => facts.find((fact) => fact.name === name)?.value;
  expect(value('int8 models')).toBe(describeIntegerSpeed(await readProcessor()));
  const providers = value('execution providers')!.split(', ');
  expect(providers.map((provider) => provider.split(' ')[0])).toEqual(listProviders().map(({ name }) => name));
  expect(value('device cpu')).toBe('works');
  for (const device of ['webgpu', 'cuda']) expect(value(`device ${device}`)).toMatch(/^(works|not here: \S.*)$/);
});
