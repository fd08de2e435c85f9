import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { drained } from '../layers/drained.ts'
import { killedAfterMs, type Limits } from '../layers/limits.ts'
import { maxAnswerBytes, maxAnswersBytes, parseAnswer } from './answers.ts'
import { dataFrameHeader, messageFrame, ProtocolError, readFrames } from './frames.ts'
import type { Answer, Request } from './messages.ts'

/** How a child ended; without code and signal when it was never started. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The end of what it wrote to standard error. */
  readonly complaint: string
  /** It wrote more there than a process does that fails, and was ended for it. */
  readonly endless: boolean
}

export interface Child {
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
const maxComplaintLength = 16_384
/** Node.js says what it has to say in some kilobytes; one that goes on is not to keep the parent busy. */
const maxComplaintBytes = 1024 * 1024

/** What Node.js itself and the buffers of inflation and kept files take, besides the JavaScript heap. */
const besidesHeapMb = 1400

/**
 * Starts the process that reads layers: Node.js with its permission model on, so without network, child processes,
 * worker threads, add-ons, WASI and inspector, without writing, and with reading of the engine's own folder only,
 * which `child-main.ts` gives up as well once it is loaded. The environment is empty: nothing of the parent's, its
 * credentials least of all, is there to be found.
 *
 * What the permission model has no say in, the kernel limits (setrlimit(2), through the shell's `ulimit`, for
 * Node.js has no call for it): memory outside the heap, processor time should nobody be left to kill the process,
 * core dumps, and files of any size but none.
 *
 * Everything the child loads has to be in the engine's folder, what an ecosystem imports included.
 *
 * @param main another program in place of `child-main.ts`, inside the engine's folder; for tests
 */
export function startChild(limits: Limits, main: URL = childMain): Child {
  const flags = [
    '--permission',
    `--allow-fs-read=${engineFolder}`,
    `--max-old-space-size=${limits.maxHeapMb}`,
    // Buffers that were used are given back soon: a third less memory at the peak, for no time that can be measured.
    '--max-semi-space-size=1',
    '--disallow-code-generation-from-strings',
  ]
  const child = spawnLimited([process.execPath, ...flags, fileURLToPath(main)], limits)
  const exited = exitOf(child)
  if (child.pid === undefined) return notStarted(exited)
  // A child that ends early closes the pipe we write to; how it ended says more than the broken pipe does.
  child.stdin.on('error', () => undefined)

  const write = async (...chunks: Uint8Array[]): Promise<void> => {
    // Nothing waits for one that hung up; without a pause, a source that is as quick would keep its answers unheard.
    if (child.stdin.destroyed) return await setImmediate()
    child.stdin.cork()
    for (const chunk of chunks) child.stdin.write(chunk)
    child.stdin.uncork()
    await drained(child.stdin)
  }

  return {
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

/** Where there is no process (too many open files, say) there are no pipes to it either. */
const notStarted = (exited: Promise<Exit>): Child => ({
  exited,
  send: async () => undefined,
  sendData: async () => undefined,
  answers: (async function* () {})(),
  stop: () => exited,
})

function spawnLimited(
  command: readonly string[],
  limits: Limits,
): ChildProcessByStdio<Writable, Readable, Readable> {
  const options = { cwd: '/', env: {}, stdio: 'pipe' } as const
  const [program = '', ...args] = command
  if (process.platform === 'win32') return spawn(program, args, options)
  // Inflation runs beside the main thread, so two seconds of processor time may go by in one.
  const cpuSeconds = Math.ceil((2 * killedAfterMs(limits)) / 1000) + 1
  const kilobytes = (limits.maxHeapMb + besidesHeapMb) * 1024
  const settings = [`-c 0`, `-f 0`, `-t ${cpuSeconds}`, `-d ${kilobytes}`]
  // A limit that is lower already cannot be raised, and need not be. The shell itself puts names into the environment.
  const script = [...settings.map(one => `ulimit ${one} 2>/dev/null`), 'unset PWD OLDPWD', 'exec "$@"'].join(
    '; ',
  )
  return spawn('/bin/sh', ['-c', script, 'sh', ...command], options)
}

function exitOf(child: ChildProcessByStdio<Writable, Readable, Readable>): Promise<Exit> {
  let complaint = ''
  let bytes = 0
  return new Promise(resolve => {
    child.once('error', error =>
      resolve({ code: null, signal: null, complaint: error.message, endless: false }),
    )
    child.once('close', (code, signal) =>
      resolve({ code, signal, complaint, endless: bytes > maxComplaintBytes }),
    )
    if (child.pid === undefined) return
    child.stderr.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      complaint = (complaint + chunk.toString('utf8')).slice(-maxComplaintLength)
      if (bytes > maxComplaintBytes) child.kill('SIGKILL')
    })
  })
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
