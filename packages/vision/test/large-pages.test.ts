import { withLargePages } from '@busana/vision';
import { describe, expect, it } from 'vitest';

const asked = 'always [madvise] never\n';

describe('the environment of a process that trains', () => {
  it('asks for large pages where the kernel gives them to who asks', () => {
    expect(withLargePages({ HOME: '/home' }, asked)).toEqual({
      HOME: '/home',
      GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1',
    });
  });

  it('keeps what the environment says of other tunables', () => {
    expect(withLargePages({ GLIBC_TUNABLES: 'glibc.malloc.arena_max=2' }, asked)).toEqual({
      GLIBC_TUNABLES: 'glibc.malloc.arena_max=2:glibc.malloc.hugetlb=1',
    });
  });

  it('stays as it is where it has its say already', () => {
    expect(withLargePages({ GLIBC_TUNABLES: 'glibc.malloc.hugetlb=0' }, asked)).toBeUndefined();
  });

  it.each(['[always] madvise never', 'always madvise [never]', ''])('stays as it is under %j', (setting) => {
    expect(withLargePages({}, setting)).toBeUndefined();
  });
});
