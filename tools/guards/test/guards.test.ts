import { describe, expect, it } from 'vitest';
import { fileSize, largest } from '../file-size.ts';
import { forbiddenWords } from '../forbidden.ts';
import { lockFile } from '../lock-file.ts';
import { packageFields } from '../package-fields.ts';

const file = (path: string, text: string) => ({ path, text });

describe('file size', () => {
  it('lets the largest file pass and stops the next line', () => {
    expect(fileSize.check([file('packages/a/src/a.ts', 'x\n'.repeat(largest))])).toEqual([]);
    const [finding] = fileSize.check([file('packages/a/src/a.ts', 'x\n'.repeat(largest + 1))]);
    expect(finding?.message).toContain('401 lines');
  });

  it('leaves documents alone', () => {
    expect(fileSize.check([file('docs/long.md', 'x\n'.repeat(2000))])).toEqual([]);
  });
});

describe('forbidden words', () => {
  // Put together here, so that the guard finds nothing in its own test.
  const bad = [
    ['const a = b as', 'unknown as string;'].join(' '),
    `// @ts-${'ignore'}`,
    `describe${'.only'}('x', f);`,
    `it${'.skip'}('x', f);`,
    `it.concurrent${'.skip'}('x', f);`,
    `x${'it'}('x', f);`,
    `read('/${'work'}/shared/data')`,
    `/${'home'}/somebody/photos`,
    `https://${'registry'}.example.com/npm`,
    `// ${'TO'}${'DO'} later`,
  ];
  it.each(bad)('finds %s', (line) => {
    const findings = forbiddenWords.check([file('packages/a/src/a.ts', `const fine = 1;\n${line}\n`)]);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ path: 'packages/a/src/a.ts', line: 2 });
  });

  it.each([
    'it.skipIf(!data)("x", f);',
    'const known = value as string;',
    'framework/work/home',
    "import { x } from './registry.ts';",
    '// @ts-expect-error the second argument is required',
  ])('passes %s', (line) => {
    expect(forbiddenWords.check([file('a.ts', line)])).toEqual([]);
  });
});

describe('lock file', () => {
  it('passes the public registry and finds a mirror', () => {
    const entry = (host: string) => `  "resolved": "https://${host}/zod/-/zod-4.0.0.tgz",`;
    expect(lockFile.check([file('package-lock.json', entry(['registry', 'npmjs', 'org'].join('.')))])).toEqual([]);
    expect(lockFile.check([file('package-lock.json', entry('packages.example.com'))])).toHaveLength(1);
  });
});

describe('package fields', () => {
  const workspace = { name: 'w', license: 'Apache-2.0', type: 'module', engines: { node: '>=20' } };
  const good = { ...workspace, name: '@busana/a', version: '0.1.0', description: 'a' };
  const check = (changes: object) =>
    packageFields.check([
      file('package.json', JSON.stringify(workspace)),
      file('packages/a/package.json', JSON.stringify(good)),
      file('packages/b/package.json', JSON.stringify({ ...good, ...changes })),
    ]);

  it('passes packages that agree', () => {
    expect(check({ dependencies: { '@busana/a': '0.1.0', zod: '^4.0.0' } })).toEqual([]);
  });

  it.each([
    ['version', { version: '0.2.0' }],
    ['license', { license: 'MIT' }],
    ['type', { type: 'commonjs' }],
    ['engines.node', { engines: { node: '>=22' } }],
    ['scripts', { scripts: { test: 'vitest' } }],
    ['description', { description: undefined }],
    ['dependency @busana/a', { dependencies: { '@busana/a': '*' } }],
  ])('finds another %s', (field, changes) => {
    const findings = check(changes);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ path: 'packages/b/package.json' });
    expect(findings[0]?.message).toContain(field);
  });
});
