/** @file Requests over plain sockets: what is sent is made beforehand, so that whoever loads a server takes little beside it. */
import { connect, type Socket } from 'node:net';

/** What became of a request. */
export interface Reply {
  /** 0: the connection ended without an answer. */
  readonly status: number;
  readonly body: Buffer;
}

/** Connections to one server, as many as are needed at a time, each kept for later requests. */
export class Connections {
  readonly #port: number;
  readonly #host: string;
  readonly #idle: Socket[] = [];
  readonly #all = new Set<Socket>();

  constructor(address: string) {
    const { hostname, port } = new URL(address);
    this.#host = hostname;
    this.#port = Number(port);
  }

  /** Connections that are open. */
  get open(): number {
    return this.#all.size;
  }

  /** Sends a whole request and waits for the whole answer, which has a `Content-Length`. Never rejects. */
  ask(request: Uint8Array): Promise<Reply> {
    const socket = this.#idle.pop() ?? this.#connect();
    return new Promise((resolve) => {
      const chunks: Buffer[] = [];
      const end = (reply: Reply, keep: boolean): void => {
        socket.off('data', read).off('close', lost);
        if (keep) this.#idle.push(socket);
        else socket.destroy();
        resolve(reply);
      };
      const lost = (): void => end({ status: 0, body: Buffer.alloc(0) }, false);
      const read = (chunk: Buffer): void => {
        chunks.push(chunk);
        const all = chunks.length === 1 ? chunk : Buffer.concat(chunks);
        const head = all.indexOf('\r\n\r\n');
        if (head < 0) return;
        const headers = all.toString('latin1', 0, head).toLowerCase();
        const length = Number(/\r\ncontent-length: (\d+)/.exec(headers)?.[1] ?? 0);
        if (all.length < head + 4 + length) return;
        const status = Number(headers.slice(9, 12));
        end({ status, body: all.subarray(head + 4, head + 4 + length) }, !/\r\nconnection: close/.test(headers));
      };
      socket.on('data', read).once('close', lost);
      socket.write(request);
    });
  }

  close(): void {
    for (const socket of this.#all) socket.destroy();
  }

  #connect(): Socket {
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true });
    this.#all.add(socket);
    // Told by the end of the connection, which comes in any case.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#all.delete(socket);
      const at = this.#idle.indexOf(socket);
      if (at >= 0) this.#idle.splice(at, 1);
    });
    return socket;
  }
}
