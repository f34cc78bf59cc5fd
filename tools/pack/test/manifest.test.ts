import { expect, it } from 'vitest';
import { publishedManifest } from '../manifest.ts';

it('names what sources become, and leaves out what only a clone needs', () => {
  const manifest = {
    name: '@busana/x',
    version: '1.2.3',
    private: true,
    description: 'what it is',
    exports: { '.': './src/index.ts', './testing': './src/testing/index.ts', './pages': './build/pages.ts' },
    bin: { x: 'bin/x.js' },
    files: ['dist'],
    dependencies: { zod: '^4' },
    devDependencies: { tsx: '^4' },
  } as const;
  expect(publishedManifest({ ...manifest, files: ['dist'] })).toEqual({
    name: '@busana/x',
    version: '1.2.3',
    description: 'what it is',
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './testing': { types: './dist/testing/index.d.ts', default: './dist/testing/index.js' },
      './pages': { types: './build/pages.d.ts', default: './build/pages.js' },
    },
    bin: { x: 'dist/bin.js' },
    files: ['dist'],
    dependencies: { zod: '^4' },
  });
  expect(() => publishedManifest({ ...manifest, files: ['dist'], exports: { '.': './lib/index.js' } })).toThrow(/lib/);
});
