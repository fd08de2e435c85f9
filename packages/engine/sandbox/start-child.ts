import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { drained } from '../layers/drained.ts'
import { maxAnswerBytes, maxAnswersBytes, parseAnswer } from './answers.ts'
import { dataFrameHeader, messageFrame, ProtocolError, readFrames } from './frames.ts'
import type { Answer, Request } from './messages.ts'

/** How a child ended. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The end of what it wrote to standard error. */
  readonly complaint: string
}

export interface Child {
  readonly pid: number | undefined
  /** Resolves when the child can take more, or is gone: then `answers` tells why. */
  send(request: Request): Promise<void>
  sendData(chunk: Uint8Array): Promise<void>
  /** Ends when the child closes its output. @throws ProtocolError */
  readonly answers: AsyncIterable<Answer>
  /** Resolves when the process is gone and its output read. Never rejects. */
  readonly exited: Promise<Exit>
  /** Ends the process if it still runs, and waits until it is gone. */
  stop(): Promise<Exit>
}

export const childMain = new URL('./child-main.ts', import.meta.url)
const engineFolder = fileURLToPath(new URL('..', import.meta.url))
const maxComplaintBytes = 4096

/**
 * Starts the process that reads layers: Node.js with its permission model on, so without network, child processes,
 * worker threads, add-ons, WASI and inspector, without writing, and with reading of the engine's own folder only,
 * which `child-main.ts` gives up as well once it is loaded. The environment is empty: nothing of the parent's, its
 * credentials least of all, is there to be found.
 *
 * @param main another program in place of `child-main.ts`, inside the engine's folder; for tests
 */
export function startChild(maxHeapMb: number, main: URL = childMain): Child {
  const flags = [
    '--permission',
    `--allow-fs-read=${engineFolder}`,
    `--max-old-space-size=${maxHeapMb}`,
    '--disallow-code-generation-from-strings',
  ]
  const child = spawn(process.execPath, [...flags, fileURLToPath(main)], {
    cwd: '/',
    env: {},
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  // A child that ends early closes the pipe we write to; how it ended says more than the broken pipe does.
  child.stdin.on('error', () => undefined)
  const exited = exitOf(child)

  const write = (...chunks: Uint8Array[]): Promise<void> => {
    child.stdin.cork()
    for (const chunk of chunks) child.stdin.write(chunk)
    child.stdin.uncork()
    return drained(child.stdin)
  }

  return {
    pid: child.pid,
    exited,
    send: request => write(messageFrame(request)),
    sendData: chunk => write(dataFrameHeader(chunk.length), chunk),
    answers: readAnswers(child.stdout),
    stop: () => {
      child.kill('SIGKILL')
      child.stdin.destroy()
      child.stdout.destroy() // Unread output would keep the streams, and so `exited`, open.
      return exited
    },
  }
}

async function exitOf(child: ChildProcessByStdio<Writable, Readable, Readable>): Promise<Exit> {
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-maxComplaintBytes)
  })
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
    return { code, signal, complaint }
  } catch (cause) {
    // It could not even be started.
    return { code: null, signal: null, complaint: cause instanceof Error ? cause.message : String(cause) }
  }
}

async function* readAnswers(pipe: Readable): AsyncGenerator<Answer> {
  let bytes = 0
  const counted = (async function* () {
    for await (const chunk of pipe as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > maxAnswersBytes) throw new ProtocolError('the answers have no end')
      yield chunk
    }
  })()
  for await (const frame of readFrames(counted, maxAnswerBytes)) {
    if (frame.kind === 'data') throw new ProtocolError('a child sends no data')
    yield parseAnswer(frame.message)
  }
}
