import { once } from 'node:events'
import net, { type AddressInfo, type Socket } from 'node:net'

/**
 * A TCP relay to a registry on loopback that breaks every connection off once so many bytes came back over it (or went
 * there), for as many times as it is told: a poor line, in front of a real registry.
 */
export async function startCuttingRelay(
  port: number,
  afterBytes: number,
  times: number,
  counted: 'back' | 'there' = 'back',
): Promise<{ readonly url: string; cuts(): number; stop(): Promise<void> }> {
  let cuts = 0
  const open = new Set<Socket>()
  const server = net.createServer(near => {
    const far = net.connect(port, '127.0.0.1')
    let bytes = 0
    const pass = (chunk: Buffer | string, to: Socket, counts: boolean): void => {
      if (counts) bytes += chunk.length
      if (!counts || bytes <= afterBytes || cuts >= times) return void to.write(chunk)
      cuts += 1
      far.destroy()
      near.resetAndDestroy()
    }
    far.on('data', chunk => pass(chunk, near, counted === 'back'))
    near.on('data', chunk => pass(chunk, far, counted === 'there'))
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.once('close', () => {
        open.delete(socket)
        other.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cuts,
    async stop() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
