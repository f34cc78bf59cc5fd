/** An upload as the web has it, `Request` to `Response`: in a Next.js app this file is `app/api/predict/route.ts`. */
import { openPhotoReader, type PhotoReader } from '@busana/vision';

/** Not the edge runtime: the model runs in native code. */
export const runtime = 'nodejs';

const LARGEST = 32 * 2 ** 20;
/** Loaded by the first request, then kept: a module may be evaluated while the app is built. */
let opening: Promise<PhotoReader> | undefined;

export async function POST(request: Request): Promise<Response> {
  const form = await request.formData().catch(() => undefined);
  const photo = form?.get('photo');
  if (!(photo instanceof File)) return refuse(400, "a form with a file in the field 'photo' is expected");
  if (photo.size > LARGEST) return refuse(413, `a photo may have ${LARGEST} bytes`);
  const reader = await (opening ??= openPhotoReader());
  const prediction = await reader.read(new Uint8Array(await photo.arrayBuffer()), photo.name);
  return prediction.status === 'error' ? refuse(422, prediction.reason) : Response.json(prediction);
}

function refuse(status: number, message: string): Response {
  return Response.json({ message }, { status });
}
