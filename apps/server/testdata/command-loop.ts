import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { runCommand } from '../cli/commands.ts'

/** Runs commands in one process, a line of JSON each, so that tests of many of them start Node.js once. */
for await (const line of createInterface({ input: process.stdin })) {
  const code = await runCommand(JSON.parse(line) as string[])
  writeSync(2, '\0')
  writeSync(1, `\0${code}\n`)
}
