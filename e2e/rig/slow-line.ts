import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A line to a registry that stops in the middle of each large blob until it is released. */
export interface SlowLine {
  /** `127.0.0.1:PORT`, as references name it. */
  readonly host: string
  release(): void
  stop(): Promise<void>
}

const largeBytes = 1_000_000

/** Passes everything on to `to`; of an answer of a million bytes and more only the first half, until it is released. */
export async function slowLine(to: string): Promise<SlowLine> {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const server = createServer((asked, answer) => {
    const { method, headers, url } = asked
    const onward = request(`${to}${url}`, { method, headers }, given => void pass(given, answer, released))
    onward.on('error', () => answer.destroy())
    asked.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    release,
    async stop() {
      release()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function pass(given: IncomingMessage, answer: ServerResponse, released: Promise<void>): Promise<void> {
  const size = Number(given.headers['content-length'] ?? 0)
  answer.writeHead(given.statusCode ?? 502, given.headers)
  let sent = 0
  try {
    for await (const chunk of given) {
      if (size >= largeBytes && sent >= size / 2) await released
      sent += (chunk as Buffer).length
      answer.write(chunk)
    }
    answer.end()
  } catch {
    // Either side hung up.
    answer.destroy()
  }
}
