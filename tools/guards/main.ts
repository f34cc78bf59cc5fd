/** @file `npm run check:structure`: small guards over all files of the repository that git does not ignore. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileSize } from './file-size.ts';
import { forbiddenWords } from './forbidden.ts';
import type { SourceFile } from './guard.ts';
import { lockFile } from './lock-file.ts';
import { packageFields } from './package-fields.ts';

const guards = [fileSize, forbiddenWords, lockFile, packageFields];

function repositoryFiles(): SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    encoding: 'utf8',
  });
  const text = /(\.(tsx?|js|cjs|mjs|json|md|py|ya?ml|sh|svg|html|css|conf)|\/run|^\.[a-z]+)$/;
  return listed
    .split('\0')
    .filter((path) => text.test(path) && !path.includes('/fixtures/') && existsSync(path))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

function main(): number {
  const files = repositoryFiles();
  const findings = guards.flatMap(({ name, check }) => check(files).map((finding) => ({ name, ...finding })));
  for (const { name, path, line, message } of findings) {
    console.error(`${path}${line === undefined ? '' : `:${line}`}  ${message}  (${name})`);
  }
  console.log(`${guards.length} guards over ${files.length} files: ${findings.length} findings`);
  return findings.length === 0 ? 0 : 1;
}

process.exitCode = main();
