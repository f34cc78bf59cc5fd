#!/usr/bin/env node
// The sources are TypeScript and nothing has to be built first: the first run after a change bundles them.
import { bundled } from './bundle.js';

if (process.argv.includes('--debug')) process.setSourceMapsEnabled(true);
const bundle = await bundled();
if (bundle === undefined) (await import('tsx/esm/api')).register();
const { start } = await import(bundle ?? '../src/main.ts');
process.exitCode = await start(process.argv);
