import { defineConfig } from 'vite';

/** `npm run dev:web`: pages that change as you save, before a server that `npm start` has begun. */
export default defineConfig({
  server: { proxy: { '/api': { target: 'http://127.0.0.1:3000' } } },
});
