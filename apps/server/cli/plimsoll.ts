import { explainCommand } from './explain.ts'
import { printLine } from './print.ts'
import { scanCommand } from './scan.ts'

/**
 * Exit codes of every command: 0 done, 2 not done (what was asked for makes no sense, or could not be had). 1 is for
 * what a command was asked to tell by its exit code.
 */
const notDone = 2

const commands = { scan: scanCommand, explain: explainCommand }

const help = `Plimsoll: vulnerability assessment for container registries

Usage: npm run -s plimsoll -- COMMAND

  scan IMAGE         list the packages and vulnerabilities of an image
  explain IMAGE CVE  say why a vulnerability is, or is not, among an image's findings

Each command explains itself with --help.`

async function main([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    printLine(help)
    return 0
  }
  if (!Object.hasOwn(commands, name)) {
    console.error(`plimsoll: there is no command "${name}"; there is: ${Object.keys(commands).join(', ')}`)
    return notDone
  }
  return commands[name as keyof typeof commands](rest)
}

process.exitCode = await main(process.argv.slice(2))
