/** The model in the browser: checked when it is loaded, then asked about every photo that is chosen. */
import { prepare } from './prepare.js';

const input = document.querySelector('input');
const status = document.querySelector('[role=status]');
const list = document.querySelector('ul');

/** WebGPU where there is a processor for it, WebAssembly everywhere else. */
const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
const provider = adapter ? 'webgpu' : 'wasm';
const runtime = await import(`/runtime/ort.${provider}.bundle.min.mjs`);
runtime.env.wasm.wasmPaths = '/runtime/';

const metadata = await (await fetch('/model.json')).json();
const { size } = metadata['busana.preprocess'];
const session = await runtime.InferenceSession.create('/model.onnx', { executionProviders: [provider] });

/** @param {Blob} photo @returns {Promise<Record<string, Float32Array>>} probabilities by the name of the attribute */
async function ask(photo) {
  const image = new runtime.Tensor('uint8', await prepare(photo, size), [1, size, size, 3]);
  const outputs = await session.run({ image });
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data]));
}

/** The file's own test picture, and how far the answers are from those of the machine that trained it, at most. */
async function goldenDifference() {
  const { picture, outputs } = metadata['busana.golden'];
  const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
  const answers = await ask(new Blob([bytes], { type: 'image/png' }));
  const attributes = metadata['busana.schema'].attributes.map(({ name }) => name);
  return Math.max(
    ...attributes.flatMap((name) => outputs[name].map((value, at) => Math.abs(value - answers[name][at]))),
  );
}

const difference = await goldenDifference();
document.body.dataset.golden = String(difference);
document.body.dataset.provider = provider;
if (difference > 1e-3) throw new Error(`this browser computes the model wrongly: by ${difference}`);
status.textContent = `Ready (${provider}).`;
input.disabled = false;

input.addEventListener('change', async () => {
  const [photo] = input.files;
  if (photo === undefined) return;
  list.replaceChildren();
  status.textContent = 'Reading …';
  try {
    const answers = await ask(photo);
    for (const { name, titles, values } of metadata['busana.schema'].attributes) {
      const probabilities = [...answers[name]];
      const best = probabilities.indexOf(Math.max(...probabilities));
      const item = document.createElement('li');
      item.dataset.attribute = name;
      item.dataset.probabilities = JSON.stringify(probabilities);
      item.textContent = `${titles?.en ?? name}: ${values[best].names.en} (${(100 * probabilities[best]).toFixed(1)} %)`;
      list.append(item);
    }
    status.textContent = photo.name;
  } catch (error) {
    status.textContent = `${photo.name} cannot be read: ${error.message}`;
  }
});
