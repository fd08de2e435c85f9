import type { IncomingMessage } from 'node:http'
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { isTRPCClientError } from '@trpc/client'
import { type ControlClient, controlClient, NotRunning } from '../control/client.ts'
import { readFlags } from './flags.ts'
import { complain } from './interruptible.ts'
import { plain, printLine, table } from './print.ts'

/** What a command asks the running server for. Each is thin: what it may, and what it says, is the server's. */
export interface Action {
  /** One line for the list of commands. */
  readonly about: string
  /** `ID NAME`; what is in brackets may be left out. */
  readonly usage: string
  readonly flags?: Readonly<Record<string, Flag>>
  /** Further lines of its help. */
  readonly more?: string
  run(asked: Asked): Promise<void>
}

export interface Flag {
  /** What stands behind it: `ID`; null for a flag that stands alone. */
  readonly value: string | null
  readonly about: string
  /** May be given several times, or with commas. */
  readonly many?: true
}

type Cell = string | number | null | undefined

export interface Asked {
  readonly api: ControlClient['api']
  get(path: string): Promise<IncomingMessage>
  /** What stands at a place behind the command. @throws Misuse when it is not there. */
  argument(place: number, name: string): string
  optional(place: number): string | undefined
  text(flag: string): string | undefined
  /** A whole number. @throws Misuse */
  number(flag: string): number | undefined
  texts(flag: string): string[] | undefined
  is(flag: string): boolean
  /** Prints rows as a table or, with --format json, the values they are made of. */
  list<T>(values: readonly T[], heading: readonly string[], row: (value: T) => readonly Cell[]): void
  say(line: string): void
}

/** What was typed makes no sense; the message says why. */
export class Misuse extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Misuse'
  }
}

/** It was understood and not done; the message says why. */
export class NotDone extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NotDone'
  }
}

/** A command with actions of its own: `scopes tree`. */
export const actionGroup =
  (name: string, about: string, actions: Readonly<Record<string, Action>>) =>
  async (args: readonly string[]): Promise<number> => {
    const [verb, ...rest] = args
    if (verb === undefined || verb === '--help' || verb === '-h') {
      const lines = Object.entries(actions).map(([one, action]) => [`  ${one} ${action.usage}`, action.about])
      printLine(`${about}\n\nUsage: npm run -s plimsoll -- ${name} ACTION\n\n${table(lines)}\n\n${always}`)
      return 0
    }
    const action = Object.hasOwn(actions, verb) ? actions[verb] : undefined
    if (action !== undefined) return await perform(`${name} ${verb}`, action, rest)
    return complain(`${name}: there is no "${plain(verb)}"; there is: ${Object.keys(actions).join(', ')}`)
  }

/** A command that is one action. */
export const singleAction =
  (name: string, action: Action) =>
  async (args: readonly string[]): Promise<number> =>
    await perform(name, action, args)

const always = 'Of the server that runs with --data DIR (default ./data). Each explains itself with --help.'

const common: Readonly<Record<string, Flag>> = {
  data: { value: 'DIR', about: "the running server's data folder (default ./data)" },
  format: { value: 'table|json', about: 'what to print (default table)' },
  help: { value: null, about: 'show this text' },
}

async function perform(name: string, action: Action, args: readonly string[]): Promise<number> {
  // Its own come first, and may say more of a common one.
  const flags = { ...action.flags, ...common, ...action.flags }
  const parsed = readFlags(() =>
    parseArgs({ args: [...args], allowPositionals: true, options: optionsOf(flags) }),
  )
  const see = `See: npm run -s plimsoll -- ${name} --help`
  if ('why' in parsed) return complain(`${parsed.why}. ${see}`)
  if (parsed.values['help'] === true) {
    printLine(helpOf(name, action, flags))
    return 0
  }
  try {
    await action.run(askedOf(parsed.values, parsed.positionals, action))
    return 0
  } catch (error) {
    if (error instanceof Misuse) return complain(`${error.message}. ${see}`)
    if (error instanceof NotDone || error instanceof NotRunning) return complain(plain(error.message))
    if (!isTRPCClientError(error)) throw error
    const { data } = error as { data?: { hint?: string | null } }
    return complain(plain([error.message, data?.hint].filter(Boolean).join(' ')))
  }
}

const optionsOf = (flags: Readonly<Record<string, Flag>>): ParseArgsOptionsConfig =>
  Object.fromEntries(
    Object.entries(flags).map(([name, { value, many }]) => [
      name,
      { type: value === null ? 'boolean' : 'string', multiple: many ?? false },
    ]),
  )

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>

function askedOf(values: Values, positionals: readonly string[], { usage, flags }: Action): Asked {
  const most = usage.split(' ').filter(word => word !== '').length
  if (positionals.length > most) throw new Misuse(`"${positionals[most]}" is too many`)
  const text = (flag: string): string | undefined => {
    const value = values[flag]
    return typeof value === 'string' ? value : undefined
  }
  const format = text('format') ?? 'table'
  if (flags?.['format'] === undefined && format !== 'table' && format !== 'json')
    throw new Misuse(`--format is table or json, not "${format}"`)
  const { api, get } = controlClient(text('data') ?? 'data')
  return {
    api,
    get,
    text,
    argument(place, name) {
      const value = positionals[place]
      if (value === undefined) throw new Misuse(`name the ${name}`)
      return value
    },
    optional: place => positionals[place],
    number(flag) {
      const value = text(flag)
      if (value === undefined) return undefined
      if (/^\d{1,9}$/.test(value)) return Number(value)
      throw new Misuse(`--${flag} takes a whole number, not "${value}"`)
    },
    texts(flag) {
      const value = values[flag]
      return Array.isArray(value) ? value.flatMap(one => String(one).split(',')) : undefined
    },
    is: flag => values[flag] === true,
    list(rows, heading, row) {
      if (format === 'json') printLine(JSON.stringify(rows, null, 2))
      else printLine(table([heading, ...rows.map(value => row(value).map(cell))]))
    },
    say: line => printLine(plain(line)),
  }
}

const cell = (value: Cell): string => (value === null || value === undefined ? '-' : plain(String(value)))

function helpOf(name: string, action: Action, flags: Readonly<Record<string, Flag>>): string {
  const lines = Object.entries(flags).map(([flag, { value, about }]) => [
    `  --${flag}${value === null ? '' : ` ${value}`}`,
    about,
  ])
  const usage = ['npm run -s plimsoll --', name, action.usage, '[flags]'].filter(Boolean).join(' ')
  const more = action.more === undefined ? '' : `\n\n${action.more}`
  return `${action.about}\n\nUsage: ${usage}${more}\n\n${table(lines)}\n\nExit code: 0 when it is done, 2 when it is not.`
}
