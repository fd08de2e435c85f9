import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { NotDone } from './action.ts'

/** JSON from standard input: all of it, or on a terminal what is typed, unseen, until it is complete. */
export const standardInput = async (): Promise<string> =>
  process.stdin.isTTY ? await typed() : await text(process.stdin)

/** A terminal shows what is typed unless its input is taken raw; readline does that, and writes it to nowhere here. */
async function typed(): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const input = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 })
  return await new Promise((resolve, reject) => {
    let written = ''
    input.on('line', line => {
      written += `${line}\n`
      if (isJson(written)) input.close()
    })
    // Raw input has no signals of its own.
    input.on('SIGINT', () => {
      reject(new NotDone('interrupted'))
      input.close()
    })
    input.on('close', () => resolve(written))
    // Not before the input is raw: what somebody types at once would be shown.
    process.stderr.write('Paste the credentials as JSON and press Enter; they are not shown.\n')
  })
}

function isJson(written: string): boolean {
  try {
    JSON.parse(written)
    return true
  } catch {
    return false
  }
}
