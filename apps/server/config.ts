import { resolve } from 'node:path'
import type { Credentials } from '@plimsoll/engine'
import { readStartFlags } from '../../bootstrap/flags.mjs'
import { type Network, networkOf } from './http/network-flags.ts'
import { StartError } from './start-error.ts'

/** What the server is started with. This file is the only reader of flags and environment. */
export interface Config {
  /** 0 takes a free one. */
  readonly port: number
  readonly network: Network
  /** Absolute. */
  readonly dataDir: string
  readonly demonstration: boolean
  /** The origin of the registry to connect, or null. */
  readonly registry: string | null
  /** For that registry; never stored or logged. */
  readonly registryCredentials: Credentials | null
  /** A file (absolute) with the key of stored credentials; null: it is in the data folder. */
  readonly credentialsKeyFile: string | null
  /** A folder (absolute) or an http(s) address laid out as OSV's bucket, or null. */
  readonly advisories: string | null
  /** The cluster whose pods are listed: this context of the kubeconfig, or its current one. Null: none. */
  readonly kubernetes: { readonly context: string | null } | null
  readonly logLevel: LogLevel
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** A mistake in the flags; the message says what to give instead. */
class UsageError extends StartError {
  override readonly exitCode = 2

  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}

/** A setting in the environment that makes no sense. The message is one line for people. */
export class InvalidSetting extends UsageError {
  constructor(message: string) {
    super(message)
    this.name = 'InvalidSetting'
  }
}

type Environment = Readonly<Record<string, string | undefined>>

/** @returns the help text when it was asked for. @throws UsageError */
export function readConfig(
  args: readonly string[],
  environment: Environment = process.env,
): Config | { help: string } {
  const request = readStartFlags(args)
  if (request.kind === 'help') return { help: request.text }
  if (request.kind === 'error') throw new UsageError(request.text)
  const { flags } = request
  return {
    port: flags.port,
    network: networkOf(flags),
    dataDir: resolve(flags.data),
    demonstration: !flags.empty,
    registry: flags.registry === null ? null : new URL(flags.registry).origin,
    registryCredentials: registryCredentials(environment),
    credentialsKeyFile: fileOf(environment['PLIMSOLL_CREDENTIALS_KEY_FILE']),
    advisories: flags.advisories === null ? null : placeOf(flags.advisories),
    kubernetes:
      flags.kubernetes === null ? null : { context: flags.kubernetes === '' ? null : flags.kubernetes },
    logLevel: logLevelOf(environment['PLIMSOLL_LOG_LEVEL']),
  }
}

const fileOf = (text: string | undefined): string | null =>
  text === undefined || text === '' ? null : resolve(text)

function placeOf(text: string): string {
  if (/^https?:\/\//i.test(text)) {
    if (URL.canParse(text)) return text
    throw new UsageError(`--advisories: "${text}" is no address.`)
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    throw new UsageError(`--advisories takes a folder or an http(s) address, not "${text}".`)
  }
  return resolve(text)
}

/**
 * The name and password that registries are asked with; null when none are set. They are kept in memory only.
 * @throws InvalidSetting when one is set without the other
 */
export function registryCredentials(
  environment: Environment = process.env,
): { readonly username: string; readonly password: string } | null {
  const username = environment['PLIMSOLL_REGISTRY_USERNAME'] ?? ''
  const password = environment['PLIMSOLL_REGISTRY_PASSWORD'] ?? ''
  if (username === '' && password === '') return null
  if (username === '' || password === '') {
    const [set, missing] = username === '' ? ['PASSWORD', 'USERNAME'] : ['USERNAME', 'PASSWORD']
    throw new InvalidSetting(
      `PLIMSOLL_REGISTRY_${set} is set and PLIMSOLL_REGISTRY_${missing} is not: set both or none.`,
    )
  }
  return { username, password }
}

function logLevelOf(text: string | undefined): LogLevel {
  if (text === undefined || text === '') return 'info'
  const level = logLevels.find(one => one === text.toLowerCase())
  if (level !== undefined) return level
  throw new InvalidSetting(`PLIMSOLL_LOG_LEVEL takes one of ${logLevels.join(', ')}, not "${text}".`)
}
