import type { ConnectableKind, ConnectionCode, ConnectionTest } from '@plimsoll/types'
import { registryClient } from './client.ts'
import { apiStep, cataloguesOf, signInStep } from './connection-api.ts'
import { Obstacle, type Step } from './connection-obstacle.ts'
import { checkedHost, connected, maybeTls, resolved, secured } from './connection-wire.ts'
import type { Credentials } from './credentials.ts'
import { defaultTimeouts, openConnections, type Timeouts } from './exchange.ts'
import { kindOfHost } from './kinds.ts'
import { parseRegistryUrl } from './registry-url.ts'

export interface ConnectionTestOptions {
  /** Scheme, host and port. */
  readonly url: string
  /** Left out: found out. */
  readonly kind?: ConnectableKind | undefined
  readonly credentials: Credentials | null
  /** PEM. */
  readonly certificateAuthority?: string | null
  readonly proxy?: string | null
  /** Repositories to watch; with some named a catalogue is not needed. */
  readonly repositories?: readonly string[]
  /** Origins that are no registry, whatever they answer: our own. */
  readonly refusedOrigins?: readonly string[]
  readonly timeouts?: Partial<Timeouts>
}

/**
 * Tries a connection step by step, from the name to the list of repositories, and says what is in the way first. Never
 * throws for what the world does; what a stranger's answer says is not repeated.
 */
export async function testConnection(
  options: ConnectionTestOptions,
  signal: AbortSignal,
): Promise<ConnectionTest> {
  const url = parseRegistryUrl(options.url)
  const timeouts = { ...defaultTimeouts, connectMs: 5_000, headersMs: 10_000, ...options.timeouts }
  const proxy = options.proxy ?? undefined
  const authority = options.certificateAuthority ?? undefined
  const connections = openConnections(timeouts, authority, proxy)
  const steps: ConnectionTest['steps'] = []
  let kind = options.kind ?? kindOfHost(url.hostname) ?? 'distribution'
  let repositories: string[] | null = null
  let problem: ConnectionTest['problem'] = null

  const step = async <T>(name: Step, work: () => Promise<readonly [string | null, T]>): Promise<T> => {
    try {
      const [message, result] = await work()
      steps.push({ step: name, outcome: message === null ? 'skipped' : 'ok', message: message ?? skipped })
      return result
    } catch (error) {
      const obstacle = Obstacle.of(error, url.origin)
      steps.push({ step: name, outcome: 'failed', message: obstacle.message })
      throw obstacle
    }
  }
  try {
    await step('address', () => checkedHost(url, options.refusedOrigins ?? []))
    const address = await step('name', () => resolved(url, proxy, options.refusedOrigins ?? []))
    await step('connect', () => connected(url, address, proxy, timeouts, signal))
    await step('tls', () => secured(url, address, { proxy, authority }, timeouts, signal))
    const told = await step('api', () =>
      apiStep(url, connections, signal).catch(async (error: unknown) => {
        throw await maybeTls(error, url, address, timeouts)
      }),
    )
    if (options.kind === undefined && kind === 'distribution') kind = told.kind
    const client = registryClient({
      url: url.origin,
      credentials: options.credentials,
      ...(authority === undefined ? {} : { certificateAuthority: authority }),
      ...(proxy === undefined ? {} : { proxy }),
      timeouts,
    })
    const hasCredentials = options.credentials !== null
    await step('sign-in', () => signInStep(client, { hasCredentials, isOpen: told.isOpen }, signal))
    const asked = { named: options.repositories ?? [], hasCredentials }
    const catalogue = await step('catalogue', () => cataloguesOf(client, asked, signal))
    ;({ repositories } = catalogue)
    if (catalogue.problem !== null) {
      problem = catalogue.problem
      steps[steps.length - 1] = { step: 'catalogue', outcome: 'warning', message: catalogue.problem.message }
    }
    steps.push({ step: 'last-pull', ...pullsOf(kind) })
  } catch (error) {
    if (!(error instanceof Obstacle)) throw error
    problem = { code: error.code, message: error.message, hint: error.hint }
  }
  const ok = problem === null || passable.has(problem.code)
  return { ok, url: url.origin, kind, steps, problem, repositories }
}

const skipped = 'Nothing to do here.'
/** What does not keep a connection from working. */
const passable: ReadonlySet<ConnectionCode> = new Set(['no-catalogue'])

/** How it is known, of this kind of registry, which images are pulled. */
function pullsOf(kind: ConnectableKind): { outcome: 'ok' | 'warning'; message: string } {
  if (kind === 'distribution') return { outcome: 'ok', message: 'It tells of pulls in its notifications.' }
  if (kind === 'harbor') {
    return { outcome: 'ok', message: 'It tells of pulls in its events, and keeps the time of the last one.' }
  }
  if (kind === 'ecr' || kind === 'docker-hub') {
    return { outcome: 'ok', message: 'It keeps the time of the last pull, which is asked for.' }
  }
  return {
    outcome: 'warning',
    message: 'It tells of no pulls, so its images are not rescanned because they were pulled.',
  }
}
