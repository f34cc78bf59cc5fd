/** Asks the route about a photo without any framework: node try.ts photo.jpg */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { POST } from './route.ts';

const [, , file] = process.argv;
if (file === undefined) throw new Error('node try.ts PHOTO');
const body = new FormData();
body.set('photo', new File([await readFile(file)], basename(file)));
const response = await POST(new Request('http://localhost/api/predict', { method: 'POST', body }));
console.log(response.status, await response.text());
