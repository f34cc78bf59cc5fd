/**
 * @file Memory in pages of 2 MiB. A training step goes over a gigabyte of tensors again and again; in pages of 4 KiB the
 * processor looks up a quarter of a million addresses on the way. The C library asks the kernel for large ones where a
 * tunable says so, which it reads once, when a process starts (glibc manual, "Memory Allocation Tunables",
 * glibc.malloc.hugetlb; Linux, Documentation/admin-guide/mm/transhuge.rst). Figures are in results/2026-11-26-training-step.md.
 */
import { readFileSync } from 'node:fs';

const TUNABLE = 'glibc.malloc.hugetlb';
/** Says how the kernel gives large pages; the choice in force is in brackets. */
const SETTING = '/sys/kernel/mm/transparent_hugepage/enabled';

/**
 * The environment in which a process that trains should start; undefined where it would change nothing: on other systems,
 * where the kernel gives large pages to all or to nobody, and where the environment has its say already.
 * @param setting what the kernel's setting reads, e.g. `always [madvise] never`
 */
export function withLargePages(environment: NodeJS.ProcessEnv, setting = readSetting()): NodeJS.ProcessEnv | undefined {
  const { GLIBC_TUNABLES: tunables = '' } = environment;
  if (!setting.includes('[madvise]') || tunables.includes(TUNABLE)) return undefined;
  return { ...environment, GLIBC_TUNABLES: [tunables, `${TUNABLE}=1`].filter((part) => part !== '').join(':') };
}

function readSetting(): string {
  try {
    return readFileSync(SETTING, 'utf8');
  } catch {
    return '';
  }
}
