import { spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import fs from 'node:fs'
import { open as openInspector } from 'node:inspector'
import { connect, createServer } from 'node:net'
import { WASI } from 'node:wasi'
import { Worker } from 'node:worker_threads'

/**
 * Tries everything that the process which reads layers may not do, after giving up reading as `child-main.ts` does,
 * and says on standard error how each attempt ended.
 */
const succeeded = 'IT WORKED'

const event = (emitter: NodeJS.EventEmitter, good: string): Promise<string> =>
  new Promise((resolve, reject) => {
    emitter.once(good, () => resolve(succeeded))
    emitter.once('error', reject)
  })

const attempts: Record<string, () => unknown> = {
  'read /etc/passwd': () => fs.readFileSync('/etc/passwd'),
  'read /etc/passwd with a promise': () => fs.promises.readFile('/etc/passwd'),
  'read its own program': () => fs.readFileSync(new URL(import.meta.url)),
  "read its parent's environment": () => fs.readFileSync(`/proc/${process.ppid}/environ`),
  'list a folder': () => fs.readdirSync('/'),
  'look at a file': () => fs.statSync('/etc/passwd'),
  'follow a link': () => fs.readlinkSync('/proc/self/exe'),
  'write a file': () => fs.writeFileSync('/tmp/plimsoll-sandbox-was-here', ''),
  'make a folder': () => fs.mkdirSync('/tmp/plimsoll-sandbox-was-here-too'),
  'make a link': () => fs.symlinkSync('/etc/passwd', '/tmp/plimsoll-sandbox-link'),
  'remove a file': () => fs.rmSync('/tmp/plimsoll-sandbox-target'),
  'start a program': () => event(spawn('/bin/true'), 'exit'),
  'start a program and wait': () => {
    const { error } = spawnSync('/bin/true')
    if (error) throw error
  },
  'start a worker thread': () => event(new Worker('', { eval: true }), 'online'),
  'load an add-on': () => process.dlopen({ exports: {} }, '/tmp/plimsoll-no-such-addon.node'),
  'import a module': () => import('../../layers/limits.ts'),
  'connect to a socket': () => event(connect(9, '127.0.0.1'), 'connect'),
  'connect to a unix socket': () => event(connect('/run/plimsoll-no-such-socket'), 'connect'),
  'listen on a socket': () => event(createServer().listen(0, '127.0.0.1'), 'listening'),
  'send a datagram': () => event(createSocket('udp4').bind(0, '127.0.0.1'), 'listening'),
  'ask for a name': () => lookup('localhost'),
  'fetch a page': () => fetch('http://127.0.0.1:8099/'),
  'open the inspector': () => openInspector(0, '127.0.0.1'),
  'use WASI': () => new WASI({ version: 'preview1' }),
  // oxlint-disable-next-line no-eval -- that it does not work is what is tried
  'evaluate text': () => eval('1 + 1'),
}

process.permission.drop('fs.read')
const outcomes: Record<string, string> = {}
for (const [name, attempt] of Object.entries(attempts)) {
  // A refusal may come as an exception out of nowhere, a tick later.
  const refused = new Promise((_, reject) => process.once('uncaughtException', reject))
  try {
    await Promise.race([attempt(), refused])
    outcomes[name] = succeeded
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    outcomes[name] = cause instanceof Error ? String('code' in cause ? cause.code : cause.name) : String(error)
  }
  process.removeAllListeners('uncaughtException')
}
process.stderr.write(`\n${JSON.stringify({ outcomes, environment: process.env, arguments: process.argv.slice(2) })}`)
process.exit(0)
