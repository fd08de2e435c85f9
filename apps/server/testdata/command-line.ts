import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { compiled } from './compiled.ts'
import { until } from './server-process.ts'

/** Runs the command line as `npm run -s plimsoll --` does. */
export async function plimsoll(args: readonly string[], environment: Record<string, string> = {}) {
  const program = join(import.meta.dirname, '../cli/plimsoll.ts')
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...compiled, ...environment },
  })
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>(done => child.on('exit', done)),
  ])
  return { stdout, stderr, code }
}

export interface CommandLoop {
  /** The same as `plimsoll`, but that the process is there already. */
  run(args: readonly string[]): Promise<{ stdout: string; stderr: string; code: number }>
  stop(): void
}

/** A process that runs one command after the other. */
export function startCommandLoop(): CommandLoop {
  const program = join(import.meta.dirname, 'command-loop.ts')
  const child = spawn(process.execPath, [program], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...compiled },
  })
  const written = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', part => (written.stdout += part))
  child.stderr.setEncoding('utf8').on('data', part => (written.stderr += part))
  return {
    async run(args) {
      written.stdout = written.stderr = ''
      child.stdin.write(`${JSON.stringify(args)}\n`)
      await until('the command is done', () => /\0\d+\n$/.test(written.stdout) && written.stderr.endsWith('\0'))
      const [stdout = '', code] = written.stdout.split('\0')
      return { stdout, stderr: written.stderr.slice(0, -1), code: Number(code) }
    },
    stop: () => void child.kill(),
  }
}
