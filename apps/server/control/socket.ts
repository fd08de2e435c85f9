import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Logger } from 'pino'

/**
 * Where commands reach the server that runs on a data folder: a unix socket in it. The folder is its owner's alone and
 * so is the socket, so whoever connects could read and write the database as well; no page in a browser can.
 */
export interface Control {
  stop(): Promise<void>
}

/** The shortest limit among the systems we run on (macOS); what is longer would be cut off or refused. */
const maxPathBytes = 103
const prefix = 'plimsoll-control-'

/**
 * For the server that holds the folder's lock: what it finds there is of one that was killed. Where no socket can be
 * made (a file system that knows none) the server runs without, and its log says so.
 */
export async function startControl(dataDir: string, answer: RequestListener, log: Logger): Promise<Control> {
  const server = createServer(answer)
  try {
    removeSocket(dataDir)
    const path = placeSocket(dataDir)
    await once(server.listen(path), 'listening')
    chmodSync(path, 0o600)
  } catch (error) {
    log.error({ err: error }, 'there is no control socket: commands for a running server will not reach it')
    server.close()
  }
  return {
    async stop() {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
      removeSocket(dataDir)
    },
  }
}

/** Where the socket of the server on this folder is, if one runs. */
export function socketPath(dataDir: string): string {
  const elsewhere = pointerFile(dataDir)
  return existsSync(elsewhere) ? readFileSync(elsewhere, 'utf8').trim() : ownPath(dataDir)
}

const ownPath = (dataDir: string): string => join(dataDir, 'control.sock')
const pointerFile = (dataDir: string): string => join(dataDir, 'control.path')

function placeSocket(dataDir: string): string {
  const own = ownPath(dataDir)
  if (Buffer.byteLength(own) <= maxPathBytes) return own
  const path = join(mkdtempSync(join(tmpdir(), prefix)), 's')
  writeFileSync(pointerFile(dataDir), path, { mode: 0o600 })
  return path
}

function removeSocket(dataDir: string): void {
  const path = socketPath(dataDir)
  rmSync(path, { force: true })
  const folder = dirname(path)
  if (path === ownPath(dataDir)) return
  // Only a folder that `placeSocket` can have made, whatever the file says.
  if (folder.startsWith(join(tmpdir(), prefix))) rmSync(folder, { recursive: true, force: true })
  rmSync(pointerFile(dataDir), { force: true })
}
