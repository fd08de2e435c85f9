import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo, type Socket } from 'node:net'

/** How the proxy answers a CONNECT, and any other request. */
export type ProxyMode = 'works' | 'asks for a password' | 'refuses' | 'hangs' | 'closes'

/** A real forward proxy on loopback: tunnels (CONNECT) and plain requests. Every name leads to loopback for it. */
export async function startProxy(): Promise<{
  readonly url: string
  /** What was asked of it: `CONNECT registry.invalid:443`, `GET http://registry.invalid/v2/`. */
  readonly asked: readonly string[]
  set(mode: ProxyMode): void
  stop(): Promise<void>
}> {
  const asked: string[] = []
  const open = new Set<Socket>()
  let mode: ProxyMode = 'works'
  const keep = (socket: Socket) => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => open.delete(socket))
  }
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    if (mode === 'asks for a password') return void response.writeHead(407).end()
    const { port, pathname, search } = new URL(request.url ?? '')
    const { method, headers } = request
    const onwards = http.request({ host: '127.0.0.1', port, path: pathname + search, method, headers }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onwards.on('error', () => response.writeHead(502).end())
    request.pipe(onwards)
  })
  server.on('connection', keep)
  server.on('connect', (request, near: Socket) => {
    asked.push(`CONNECT ${request.url}`)
    if (mode === 'hangs') return
    if (mode === 'closes') return void near.destroy()
    if (mode !== 'works') {
      return void near.end(`HTTP/1.1 ${mode === 'refuses' ? '403 s3cret words' : '407 Proxy Authentication Required'}\r\n\r\n`)
    }
    const far = net.connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      near.write('HTTP/1.1 200 Connection established\r\n\r\n')
      near.pipe(far).pipe(near)
    })
    keep(far)
    far.on('error', () => near.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    set: given => {
      mode = given
    },
    async stop() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
