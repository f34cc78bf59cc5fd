import { defineConfig } from 'vite';

export default defineConfig({
  /** `npm run dev:web`: pages that change as you save, before a server that `npm start` has begun. */
  server: { proxy: { '/api': { target: 'http://127.0.0.1:3000' } } },
  /** `build/index.ts`: the pages as files. */
  build: {
    target: 'es2022',
    // The server's content policy allows no `data:` fonts or scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Nobody measures on the way to a page that comes from this machine.
    reportCompressedSize: false,
    chunkSizeWarningLimit: Infinity,
    // What is bundled has to be named.
    license: { fileName: 'licences.md' },
  },
});
