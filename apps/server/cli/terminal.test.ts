import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ImageImport } from '@plimsoll/types'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type DockerRegistry,
  startDockerRegistry,
  testCredentials,
} from '../../../packages/engine/registry/testdata/docker-registry.ts'
import {
  content,
  type FaultyRegistryDouble,
  hangsAfter,
  startFaultyRegistryDouble,
} from '../../../packages/engine/registry/testdata/faulty-registry-double.ts'
import { controlClient } from '../control/client.ts'
import { compiled } from '../testdata/compiled.ts'
import { imageOf, packagedImage } from '../testdata/packaged-image.ts'
import { cleanUp, type ServerProcess, startProcess, until } from '../testdata/server-process.ts'

/** What commands do with the terminal they were typed at, and where there is none. `script` makes one. */

let server: ServerProcess
let serverPid: number
let target: DockerRegistry
// A double, because a real registry cannot be made to stop in the middle of a layer.
let source: FaultyRegistryDouble
const { username, password } = testCredentials
const secret = JSON.stringify({ kind: 'password', username, password })
const stuck = imageOf([{ tar: Buffer.alloc(0), stored: Buffer.alloc(3_000_000, 'x') }])
const started = new Set<ChildProcess>()

beforeAll(async () => {
  ;[server, target, source] = await Promise.all([
    startProcess({ flags: ['--empty'] }),
    startDockerRegistry({ htpasswd: testCredentials.htpasswd }),
    startFaultyRegistryDouble(),
  ])
  source.serve('team/app', '1', packagedImage([{ openssl: '3.0.11-1' }]))
  source.serve('team/stuck', '1', stuck)
  for (const layer of stuck.layers) {
    source.answer(`/v2/team/stuck/blobs/${layer.digest}`, hangsAfter(layer, 2_000_000))
  }
  serverPid = Number(/"pid":(\d+),"msg":"listening"/.exec(await log())?.[1])
  const { api } = controlClient(server.dataDir)
  await api.subscriptions.create.mutate({ name: 'Plant', managementGroupId: 'tenant' })
})
const log = () => readFile(join(server.dataDir, 'plimsoll.log'), 'utf8')
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL')
  await cleanUp()
  await Promise.all([target.stop(), source.stop()])
})

interface Command {
  readonly child: ChildProcess
  stdout(): string
  stderr(): string
  type(keys: string): void
  /** @returns the exit code, once all that it wrote is here. */
  ended(): Promise<number | null>
}

function run(program: string, args: readonly string[]): Command {
  const child = spawn(program, args, {
    stdio: 'pipe',
    env: { PATH: process.env['PATH'], SHELL: '/bin/sh', TERM: 'xterm', ...compiled },
  })
  started.add(child)
  const written = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', part => (written.stdout += part))
  child.stderr.setEncoding('utf8').on('data', part => (written.stderr += part))
  const closed = once(child, 'close')
  return {
    child,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    type: keys => void child.stdin.write(keys),
    async ended() {
      const [code] = (await closed) as [number | null]
      started.delete(child)
      return code
    },
  }
}

const program = join(import.meta.dirname, 'plimsoll.ts')
const commandLine = (args: readonly string[]) => [program, ...args, '--data', server.dataDir]
/** Its output goes to no terminal. */
const piped = (...args: string[]) => run(process.execPath, commandLine(args))
/** On a terminal, whose keys are typed and whose output is all in `stdout`. */
const onTerminal = (...args: string[]) =>
  run('script', [
    '--quiet',
    '--return',
    '--command',
    `exec ${process.execPath} ${commandLine(args).join(' ')}`,
    '/dev/null',
  ])

const connecting = () => [target.url, '--allow-plain-http', '--credentials', '-']
const importing = (name: string, ...more: string[]) => [
  'import',
  `${source.host}/team/${name}:1`,
  target.host,
  '--source-plain-http',
  ...more,
]
const newestImport = async (): Promise<ImageImport | undefined> =>
  (await controlClient(server.dataDir).api.imports.list.query({})).rows[0]
const isCopied = (one: ImageImport | undefined): one is ImageImport =>
  one?.state === 'running' && one.bytesTotal > 3_000_000
/** Control characters, but for the end of a line. */
const control = /(?!\n)\p{Cc}/u

/** What others on the machine can see of a process, and its environment. */
const seenOf = async ({ child }: Command): Promise<string> =>
  (
    await Promise.all(['cmdline', 'environ'].map(name => readFile(`/proc/${child.pid}/${name}`, 'utf8')))
  ).join('\n')

test('credentials typed at a terminal are asked for and not shown', async () => {
  const command = onTerminal('registries', 'test', ...connecting())
  await until('they are asked for', () => command.stdout().includes('they are not shown.'))
  // What is pasted may have several lines.
  command.type(`${secret.replace(',', ',\r')}\r`)
  expect(await command.ended()).toBe(0)
  expect(command.stdout()).toMatch(/catalogue +ok/)
  for (const part of ['password', username, password]) expect(command.stdout()).not.toContain(part)

  const other = onTerminal('registries', 'test', ...connecting())
  await until('they are asked for', () => other.stdout().includes('they are not shown.'))
  other.type('{"kind": \u0003')
  expect(await other.ended()).toBe(2)
  expect(other.stdout()).toContain('plimsoll: interrupted')
})

test('credentials from standard input are in no output, process list or log', async () => {
  const wrong = piped('registries', 'test', ...connecting())
  wrong.child.stdin?.end('{"kind": "password", "password": "half of a secret')
  expect(await wrong.ended()).toBe(2)
  expect(wrong.stderr()).toBe('plimsoll: Standard input holds no credentials as JSON. See --help.\n')

  const command = piped('registries', 'connect', ...connecting(), '--subscription', 'plant')
  command.type(secret.slice(0, -1))
  const whileReading = await until('it runs', async () => {
    const seen = await seenOf(command)
    return seen.includes('registries\0connect') && seen
  })
  command.child.stdin?.end('}')
  expect([await command.ended(), command.stderr()]).toEqual([0, ''])
  for (const place of [whileReading, command.stdout(), server.output(), await log()]) {
    expect(place).not.toContain(password)
  }
})

test('an import that nobody sees on a terminal writes its outcome alone', async () => {
  const command = piped(...importing('app'))
  expect([await command.ended(), command.stderr()]).toEqual([0, ''])
  expect(command.stdout()).toMatch(/^ID +SOURCE .*\n\d+ .* done +sha256:\w+\n$/)
  expect(command.stdout()).not.toMatch(control)
})

test('an import on a terminal shows how far it is, in one line, and is called off by Ctrl-C', async () => {
  const command = onTerminal(...importing('stuck'))
  await until('it shows how far it is', () => /Copying: \d\.\d MB of 3\.0 MB/.test(command.stdout()))
  command.type('\u0003')
  expect(await command.ended()).toBe(2)
  const { id, state } = (await newestImport()) ?? {}
  expect(state).toBe('cancelled')
  const [progress = '', ...rest] = command.stdout().split('\r\n')
  // Each over the one before, the last over with what is said next.
  expect(progress.split('\r\u001b[K').at(-1)).toMatch(/^ID +SOURCE/)
  expect(rest[0]).toMatch(/ cancelled /)
  expect(rest.slice(1)).toEqual([
    `plimsoll: Import ${id} was called off. It can be tried again in the portal.`,
    '',
  ])
})

test('an import that waits for another try says when that is, and why', async () => {
  const command = piped('import', '127.0.0.1:9/team/app:1', target.host, '--source-plain-http')
  await until('it waits', () => command.stderr().includes('Waiting'))
  expect(command.stderr()).toMatch(
    /^Waiting: tried again in [1-4] s: http:\/\/127\.0\.0\.1:9 cannot be reached: nothing listens there\. .*\n$/,
  )
  command.child.kill('SIGINT')
  expect(await command.ended()).toBe(2)
})

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s calls an import off, however often it comes at once',
  async name => {
    const before = await newestImport()
    const command = piped(...importing('stuck'))
    await until('it is copied', async () => {
      const newest = await newestImport()
      return newest?.id !== before?.id && isCopied(newest)
    })
    // npm and its script pass on what the terminal gave to all of them; the server is still to answer then.
    process.kill(serverPid, 'SIGSTOP')
    for (let times = 0; times < 5; times++) {
      command.child.kill(name)
      await pause(20)
    }
    process.kill(serverPid, 'SIGCONT')
    expect(await command.ended()).toBe(2)
    expect(command.stderr()).toMatch(/^plimsoll: Import \d+ was called off\. .*\n$/)
    expect(command.stdout() + command.stderr()).not.toMatch(control)
    expect((await newestImport())?.state).toBe('cancelled')
  },
)

test('an import that is not waited for goes on, and one that ended just when it was to be called off is done', async () => {
  const { api } = controlClient(server.dataDir)
  const command = piped(...importing('stuck', '--no-wait'))
  expect(await command.ended()).toBe(0)
  expect(command.stdout()).toMatch(/ (queued|running) /)
  await until('it goes on', async () => isCopied(await newestImport()))
  await api.imports.cancel.mutate({ id: (await newestImport())?.id ?? '' })

  const late = piped(...importing('stuck'))
  const { id } = await until('it is copied', async () => {
    const newest = await newestImport()
    return isCopied(newest) ? newest : null
  })
  late.child.kill('SIGSTOP')
  for (const layer of stuck.layers) source.answer(`/v2/team/stuck/blobs/${layer.digest}`, content(layer))
  await api.imports.cancel.mutate({ id })
  await api.imports.retry.mutate({ id })
  await until('it is done', async () => (await newestImport())?.state === 'done')
  late.child.kill('SIGINT')
  late.child.kill('SIGCONT')
  expect([await late.ended(), late.stderr()]).toEqual([0, ''])
  expect(late.stdout()).toMatch(new RegExp(`^${id} .* done `, 'm'))
})
