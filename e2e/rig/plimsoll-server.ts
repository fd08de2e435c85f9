import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compiled } from '../../apps/server/testdata/compiled.ts'

const root = new URL('../..', import.meta.url).pathname

export interface PlimsollServer {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly url: string
  readonly dataDir: string
  /** Everything the server printed so far: the terminal a person would see. */
  output(): string
  /** Has the process stand still, as a machine does that was put to sleep. @returns what wakes it. */
  sleep(): () => void
  /** Asks the server to stop as Ctrl-C does and waits for it. */
  end(): Promise<void>
  /** Starts one that has ended anew, with the same data folder and port. */
  start(): Promise<void>
  /** Ends it and removes the data folder. */
  stop(): Promise<void>
}

/** A port that was free a moment ago, on loopback. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port could be had on loopback')
  return address.port
}

interface StartOptions {
  readonly port?: number
  readonly env?: Readonly<Record<string, string>>
  /** Puts into the data folder what is to be there at the start. */
  readonly fill?: (dataDir: string) => Promise<void> | void
}

/** Starts the real server as `npm start` does, with a data folder of its own, and waits until it answers. */
export async function startPlimsoll(
  flags: readonly string[],
  { port: wanted, env = {}, fill }: StartOptions = {},
): Promise<PlimsollServer> {
  const port = wanted ?? (await freePort())
  const dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-e2e-'))
  await fill?.(dataDir)
  const url = `http://127.0.0.1:${port}`
  let printed = ''
  let child: ChildProcess
  const start = async (): Promise<void> => {
    child = spawn(
      process.execPath,
      ['apps/server/main.ts', '--port', String(port), '--data', dataDir, ...flags],
      { cwd: root, env: { ...process.env, ...compiled, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', text => {
        printed += text
      })
    }
    await answering(url, child, () => printed)
  }
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGINT')
    await once(child, 'exit')
  }
  await start()
  return {
    url,
    dataDir,
    output: () => printed,
    sleep() {
      child.kill('SIGSTOP')
      return () => child.kill('SIGCONT')
    },
    end,
    start,
    async stop() {
      // A process that stands still would never hear of it.
      child.kill('SIGCONT')
      await end()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function answering(url: string, child: ChildProcess, printed: () => string): Promise<void> {
  const deadline = Date.now() + 30_000
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${printed()}`)
    const answer = await fetch(`${url}/healthz`).catch(() => null)
    if (answer?.ok) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  child.kill('SIGKILL')
  throw new Error(`the server did not answer within 30 s:\n${printed()}`)
}
