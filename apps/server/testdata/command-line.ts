import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** Runs the command line as `npm run -s plimsoll --` does. */
export async function plimsoll(args: readonly string[], environment: Record<string, string> = {}) {
  const program = join(import.meta.dirname, '../cli/plimsoll.ts')
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...environment },
  })
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>(done => child.on('exit', done)),
  ])
  return { stdout, stderr, code }
}
