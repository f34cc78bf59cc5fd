/** Hands out the page, the runtime and the model, on this machine alone. */
import { readMetadata, shippedModel } from '@busana/vision';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { PORT = '8080' } = process.env;
const model = await shippedModel(); // or a model file of your own
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const runtime = dirname(fileURLToPath(import.meta.resolve('onnxruntime-web')));

const bytes = await readFile(model);
/** Where what is asked for lies, or what it is. Nothing else is handed out. */
const content = new Map([
  ['/', here('index.html')],
  ['/classify.js', here('classify.js')],
  ['/prepare.js', here('prepare.js')],
  ['/model.onnx', bytes],
  // What the model file says of itself: names of the labels, size of its pictures, its test picture and the answers.
  ['/model.json', JSON.stringify(readMetadata(bytes, model))],
]);
const types = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json' }; // prettier-ignore

const server = createServer(async ({ url = '/' }, response) => {
  const [, file] = /^\/runtime\/([\w.-]+)$/.exec(url) ?? [];
  const found = file === undefined ? content.get(url) : join(runtime, file);
  try {
    if (found === undefined) throw new Error('not here');
    const body = typeof found === 'string' && !found.startsWith('{') ? await readFile(found) : found;
    const type = types[extname(url === '/' ? 'index.html' : url)] ?? 'application/octet-stream';
    // Pages that are isolated from all others may compute in several threads; nobody but this server is asked.
    response.writeHead(200, {
      'content-type': type,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'content-security-policy':
        "default-src 'self' blob:; script-src 'self' blob: 'wasm-unsafe-eval'; img-src 'self' blob:",
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
server.listen(Number(PORT), '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
process.once('SIGTERM', () => server.close());
