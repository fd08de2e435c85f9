import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

export interface ConnectProxy {
  readonly url: string
  /** The hosts that it was asked to connect to, each with its port. */
  readonly asked: readonly string[]
  stop(): Promise<void>
}

/** A proxy as companies have them: tunnels for https (CONNECT). It leads everybody to this machine's own ports. */
export async function startConnectProxy(): Promise<ConnectProxy> {
  const asked: string[] = []
  const open = new Set<{ destroy(): void }>()
  const server = createServer((_request, response) => response.writeHead(405).end())
  server.on('connect', (request, client) => {
    asked.push(request.url ?? '')
    const upstream = connect(Number((request.url ?? '').split(':').at(-1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      client.pipe(upstream).pipe(client)
    })
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket))
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async stop() {
      for (const socket of open) socket.destroy()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
