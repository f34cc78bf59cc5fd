/** @file What stands between a client and a server over HTTP, and does what networks and servers do on bad days. */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** `refuse` answers 503, `reset` ends the connection, `half` ends it in the middle of an answer, `hang` says nothing more there. */
export type Fault = 'none' | 'refuse' | 'reset' | 'half' | 'hang' | { readonly slow: number };

export interface Faulty {
  /** `http://127.0.0.1:…`, instead of the server's. */
  readonly endpoint: string;
  /** What happens to the next requests, one each, and then to all others. */
  happen: (faults: readonly Fault[], then?: Fault) => void;
  /** Requests so far. */
  readonly asked: () => number;
  readonly stop: () => Promise<void>;
}

export async function faultyBefore(endpoint: string): Promise<Faulty> {
  let [coming, always]: [Fault[], Fault] = [[], 'none'];
  let asked = 0;
  const { hostname, port } = new URL(endpoint);
  const server = createServer((incoming, outgoing) => {
    asked += 1;
    void pass(incoming, outgoing, coming.shift() ?? always);
  });
  async function pass(incoming: IncomingMessage, outgoing: ServerResponse, fault: Fault): Promise<void> {
    if (fault === 'reset') return void incoming.socket.destroy();
    if (fault === 'refuse') {
      incoming.resume();
      return void outgoing
        .writeHead(503, { 'content-type': 'application/xml' })
        .end('<Error><Code>ServiceUnavailable</Code></Error>');
    }
    if (typeof fault === 'object') await setTimeout(fault.slow);
    const { method, url, headers } = incoming;
    // The name of the host is signed: it stays that of this one.
    const asking = request({ hostname, port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      if (fault !== 'half' && fault !== 'hang') return void answer.pipe(outgoing);
      answer.once('data', (chunk: Buffer) => {
        outgoing.write(chunk.subarray(0, chunk.length >> 1), () => fault === 'half' && outgoing.socket?.destroy());
        answer.resume();
      });
      return answer.once('end', () => outgoing.headersSent && fault === 'half' && outgoing.socket?.destroy());
    });
    asking.on('error', () => incoming.socket.destroy());
    incoming.pipe(asking);
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    happen(faults, then = 'none') {
      [coming, always] = [[...faults], then];
    },
    asked: () => asked,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
