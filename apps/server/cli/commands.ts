import { plain, printLine, table } from './print.ts'

/**
 * Exit codes of every command: 0 done, 2 not done (what was asked for makes no sense, or could not be had). 1 is for
 * what a command was asked to tell by its exit code.
 */
const notDone = 2

interface Command {
  readonly usage: string
  readonly about: string
  /** Loaded when it is the one that was asked for. */
  load(): Promise<(args: readonly string[]) => Promise<number>>
}

const alone: Readonly<Record<string, Command>> = {
  scan: {
    usage: 'IMAGE',
    about: 'list the packages and vulnerabilities of an image',
    load: async () => (await import('./scan.ts')).scanCommand,
  },
  explain: {
    usage: 'IMAGE CVE',
    about: "say why a vulnerability is, or is not, among an image's findings",
    load: async () => (await import('./explain.ts')).explainCommand,
  },
}

const ofServer: Readonly<Record<string, Command>> = {
  import: {
    usage: 'SOURCE TARGET',
    about: 'copy an image into a connected registry, and have it scanned',
    load: async () => (await import('./import.ts')).importCommand,
  },
  registries: {
    usage: 'ACTION',
    about: 'list, test, connect, change, remove registries, go over what they hold',
    load: async () => (await import('./registries.ts')).registriesCommand,
  },
  scopes: {
    usage: 'ACTION',
    about: 'management groups and subscriptions',
    load: async () => (await import('./scopes.ts')).scopesCommand,
  },
  plan: {
    usage: 'SUBSCRIPTION',
    about: 'show a plan, turn it on or off, and set what starts scans',
    load: async () => (await import('./plan.ts')).planCommand,
  },
  scans: {
    usage: 'ACTION',
    about: 'list, request and cancel scans, see the queue',
    load: async () => (await import('./scans.ts')).scansCommand,
  },
  images: {
    usage: 'ACTION',
    about: 'delete an image in its registry',
    load: async () => (await import('./images.ts')).imagesCommand,
  },
  bill: {
    usage: 'ACTION',
    about: 'what was charged, and the price of an image',
    load: async () => (await import('./bill.ts')).billCommand,
  },
  settings: {
    usage: '',
    about: 'those of the whole installation',
    load: async () => (await import('./settings.ts')).settingsCommand,
  },
}

const commands = { ...alone, ...ofServer }

const listed = (some: Readonly<Record<string, Command>>): string =>
  table(Object.entries(some).map(([name, { usage, about }]) => [`  ${name} ${usage}`, about]))

const help = `Plimsoll: vulnerability assessment for container registries

Usage: npm run -s plimsoll -- COMMAND

${listed(alone)}

Of a running server, as its operator:

${listed(ofServer)}

Each command explains itself with --help.`

/** Runs what was typed behind `plimsoll`. @returns the exit code */
export async function runCommand([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    printLine(help)
    return 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command !== undefined) return (await command.load())(rest)
  const names = Object.keys(commands).join(', ')
  console.error(`plimsoll: there is no command "${plain(name)}"; there is: ${names}`)
  return notDone
}
