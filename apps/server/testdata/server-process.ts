import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Role } from '@plimsoll/types'
import { createTRPCClient, httpLink, httpSubscriptionLink, splitLink, type TRPCClient } from '@trpc/client'
import type { AppRouter } from '../api/router.ts'
import { compiled } from './compiled.ts'

const main = join(import.meta.dirname, '../main.ts')

/** A real server process, as `npm start` runs it. */
export interface ServerProcess {
  readonly url: string
  readonly dataDir: string
  /** All that it printed. */
  output(): string
  /** Ends it as a crash or a power cut does. */
  kill(): Promise<void>
  /** Ends it as Ctrl-C does. @returns exit code and how long that took. */
  stop(): Promise<{ code: number | null; ms: number }>
}

export interface StartOptions {
  readonly flags?: readonly string[]
  /** One that is there already, or a new one. */
  readonly dataDir?: string
  /** One that a server before it had; without it a free one. */
  readonly port?: number
  readonly environment?: Readonly<Record<string, string>>
}

const started = new Set<ChildProcess>()
const folders = new Set<string>()

/** Starts a server on a free port and waits until it says where it listens. */
export async function startProcess({ flags = [], dataDir, port = 0, environment = {} }: StartOptions = {}): Promise<ServerProcess> {
  const folder = dataDir ?? (await temporaryFolder())
  const { child, output } = run(['--port', String(port), '--data', folder, ...flags], environment)
  const url = await listening(child, output)
  return {
    url,
    dataDir: folder,
    output,
    async kill() {
      child.kill('SIGKILL')
      await ended(child)
    },
    async stop() {
      const asked = performance.now()
      child.kill('SIGINT')
      await ended(child)
      return { code: child.exitCode, ms: performance.now() - asked }
    },
  }
}

/** Runs the server until it ends by itself, as it does when it cannot start. */
export async function runToEnd(
  flags: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { child, stdout, stderr } = run(flags, environment)
  await ended(child)
  return { code: child.exitCode, stdout: stdout(), stderr: stderr() }
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-server-'))
  folders.add(folder)
  return folder
}

/** Ends what is still running and removes the folders. For `afterAll`. */
export async function cleanUp(): Promise<void> {
  for (const child of started) child.kill('SIGKILL')
  await Promise.all([...started].map(ended))
  await Promise.all([...folders].map(folder => rm(folder, { recursive: true, force: true })))
}

function run(flags: readonly string[], environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [main, ...flags], {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...compiled, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.add(child)
  const written = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', text => (written.stdout += text))
  child.stderr.setEncoding('utf8').on('data', text => (written.stderr += text))
  return {
    child,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    output: () => written.stdout + written.stderr,
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  started.delete(child)
}

async function listening(child: ChildProcess, output: () => string): Promise<string> {
  return await until('the server listens', () => {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${output()}`)
    // The blank line after what it says at the start: all of it is there.
    return /listens at (https?:\/\/\S+)[\s\S]*\n\n$/.exec(output())?.[1] ?? null
  })
}

/** Asks until there is an answer that is neither null nor undefined nor false. */
export async function until<T>(what: string, ask: () => T | Promise<T>, timeoutMs = 30_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (answer !== null && answer !== undefined && answer !== false) return answer
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain until ${what}`)
    await new Promise(resolve => {
      setTimeout(resolve, 25)
    })
  }
}

export type Api = TRPCClient<AppRouter>

/** Calls the API as a browser does, cookies included. */
export interface Browser {
  readonly api: Api
  /** What it would send as Cookie. */
  cookie(): string
  /** Keeps cookies that came by another way. */
  keep(setCookies: readonly string[]): void
}

export function openBrowser(url: string): Browser {
  const jar = new Map<string, string>()
  const cookie = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const keep = (setCookies: readonly string[]): void => {
    for (const set of setCookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
  }
  const keeping = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const response = await fetch(input, init)
    keep(response.headers.getSetCookie())
    return response
  }
  const api = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: operation => operation.type === 'subscription',
        true: httpSubscriptionLink({ url: `${url}/api/trpc` }),
        false: httpLink({
          url: `${url}/api/trpc`,
          headers: () => ({ cookie: cookie() }),
          fetch: (input, init) => keeping(input as string, init as RequestInit),
        }),
      }),
    ],
  })
  return { api, cookie, keep }
}

export const testAdmin = { name: 'Ada', email: 'ada@example.org', password: 'a long enough password' }

/** A browser whose user came by the printed link, as the first admin does. */
export async function firstAdmin({ url, output }: Pick<ServerProcess, 'url' | 'output'>): Promise<Browser> {
  const token = /invitation=(\S+)/.exec(output())?.[1] ?? ''
  const browser = openBrowser(url)
  await browser.api.session.acceptInvitation.mutate({ token, ...testAdmin })
  return browser
}

/** A browser that views the demonstration. */
export async function viewer({ url }: Pick<ServerProcess, 'url'>, role: Role): Promise<Browser> {
  const browser = openBrowser(url)
  await browser.api.session.viewAs.mutate({ role })
  return browser
}

/** Where and with what a registry is told to post its events, from what the server printed. */
export function printedNotifications({ output }: Pick<ServerProcess, 'output'>): { url: string; authorization: string } {
  const url = /^ +url: (\S+)$/m.exec(output())?.[1]
  const authorization = /^ +Authorization: \[(Bearer \S+)\]$/m.exec(output())?.[1]
  if (url === undefined || authorization === undefined) throw new Error(`no notifications block in: ${output()}`)
  return { url, authorization }
}
