import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, test } from 'vitest'
import {
  cleanUp,
  openBrowser,
  runToEnd,
  startProcess,
  temporaryFolder,
  until,
  viewer,
} from './testdata/server-process.ts'

afterAll(cleanUp)

/** One line on standard error, nothing else, and an exit code that is not 0. */
async function refused(flags: readonly string[], environment: Record<string, string> = {}): Promise<string> {
  const { code, stdout, stderr } = await runToEnd(flags, environment)
  expect(code).toBeGreaterThan(0)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^[^\n]+\n$/)
  return stderr
}

describe('a start that cannot be', () => {
  test.each([
    [['--nonsense'], '--nonsense'],
    [['--port', 'many'], '--port takes a number from 0 to 65535'],
    [['--port', '65536'], '--port takes a number from 0 to 65535'],
    [['--registry', 'nonsense'], '--registry takes an address'],
    [['--registry', 'ftp://127.0.0.1'], '--registry takes an address'],
    [['--registry', 'http://user:secret@127.0.0.1:5000'], '--registry takes no password'],
    [['--advisories', 'ftp://127.0.0.1/x'], '--advisories takes a folder or an http(s) address'],
    [['--data', ''], '--data needs a value'],
  ])('%j says why in one line', async (flags, why) => {
    const line = await refused(flags)
    expect(line).toContain(why)
    expect(line).not.toContain('secret')
  })

  test('with half of the credentials says which half is missing', async () => {
    expect(await refused([], { PLIMSOLL_REGISTRY_USERNAME: 'a' })).toContain(
      'PLIMSOLL_REGISTRY_PASSWORD is not',
    )
  })

  test('on a port that is taken says so', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const line = await refused(['--port', String(port), '--data', await temporaryFolder()])
    expect(line).toContain(`Port ${port} is taken.`)
    other.close()
  })

  test('with itself as the registry says so', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    other.close()
    await once(other, 'close')
    const flags = ['--port', String(port), '--data', await temporaryFolder(), '--empty']
    const itself = `http://localhost:${port}`
    expect(await refused([...flags, '--registry', itself])).toBe(
      `--registry ${itself} is Plimsoll itself, and no registry.\n`,
    )
  })

  test('with a data folder that cannot be written says so', async () => {
    // Below a file, where not even root can make a folder.
    const file = join(await temporaryFolder(), 'file')
    await writeFile(file, '')
    const line = await refused(['--port', '0', '--data', join(file, 'data')])
    expect(line).toContain(`The data folder ${file}/data cannot be written`)
    // The kernel says of a folder in /proc that its parent is missing, which is where making it recursively never ends.
    expect(await refused(['--port', '0', '--data', '/proc/nowhere/data'])).toContain('cannot be written')
  })

  test('with a data folder of a newer version leaves it alone', async () => {
    const dataDir = await temporaryFolder()
    const db = new Database(join(dataDir, 'plimsoll.db'))
    db.exec('create table __drizzle_migrations (id integer primary key, hash text, created_at numeric)')
    db.prepare('insert into __drizzle_migrations (hash, created_at) values (?, ?)').run('x', Date.now() * 2)
    db.close()
    expect(await refused(['--port', '0', '--data', dataDir])).toContain(
      'written by a newer version of Plimsoll',
    )
  })

  test('with something else in the data folder says so', async () => {
    const dataDir = await temporaryFolder()
    await writeFile(
      join(dataDir, 'plimsoll.db'),
      'this is no database, and long enough to be told from one'.repeat(50),
    )
    expect(await refused(['--port', '0', '--data', dataDir])).toContain('cannot be opened')
  })

  test('on a data folder that another server has says so', async () => {
    const first = await startProcess({ flags: ['--empty'] })
    expect(await refused(['--port', '0', '--empty', '--data', first.dataDir])).toContain(
      'Another Plimsoll is running',
    )
    await first.stop()
  })
})

test('--help prints the flags and ends well', async () => {
  const { code, stdout, stderr } = await runToEnd(['--help'])
  expect([code, stderr]).toEqual([0, ''])
  for (const flag of ['--port', '--data', '--empty', '--registry', '--advisories', '--help']) {
    expect(stdout).toContain(flag)
  }
})

test('the first start is the demonstration, scanned; the second keeps all of it', async () => {
  const first = await startProcess()
  expect(first.output()).toMatch(/viewed as reader or admin/)
  const link = /\/sign-in\?invitation=(\S+)/.exec(first.output())?.[1]
  expect(link?.length).toBeGreaterThan(40)
  const { api } = await viewer(first, 'Security Reader')
  await until('the samples are scanned', async () => {
    const { total, queued, running } = await api.scans.list.query({})
    return total > 5 && queued + running === 0
  })
  const overview = await api.overview.get.query()
  for (const severity of ['Critical', 'High', 'Medium', 'Low', 'Unknown'] as const) {
    expect(overview.findings.open[severity]).toBeGreaterThan(0)
  }
  const { healthy, undecided, notApplicable, failed } = overview.images
  for (const count of [healthy, undecided, notApplicable, failed]) expect(count).toBeGreaterThan(0)
  const storefront = await api.images.list.query({ registryId: 'samples', repository: 'shop/storefront' })
  const old = storefront.rows.find(({ tags }) => tags.includes('1.8.0'))
  const { baseImage } = await api.images.get.query({
    registryId: 'samples',
    repository: 'shop/storefront',
    digest: old?.digest ?? '',
  })
  expect(baseImage).toMatchObject({
    repository: 'base/debian',
    tags: ['12.1'],
    layers: 1,
    newer: { tags: ['12', '12.15', 'latest'] },
  })
  expect(baseImage?.findingsFromBase).toBeGreaterThan(baseImage?.newer?.findings ?? Number.POSITIVE_INFINITY)
  expect(overview.threatLists).toEqual({ kev: '2025-08-25', epss: null })
  expect(overview.feeds.every(({ source }) => source === 'demonstration')).toBe(true)
  expect(await first.stop()).toMatchObject({ code: 0 })

  const second = await startProcess({ dataDir: first.dataDir })
  expect(/\/sign-in\?invitation=(\S+)/.exec(second.output())?.[1]).not.toBe(link)
  const again = await viewer(second, 'Security Reader')
  // The start imports the demonstration's advisories once more, which changes nothing but when that was.
  const asBefore = { feeds: overview.feeds.map(anyTime), imports: overview.imports.map(anyTime) }
  expect(await again.api.overview.get.query()).toEqual({ ...overview, ...asBefore })
  const scans = await again.api.scans.list.query({})
  expect([scans.queued, scans.running]).toEqual([0, 0])
  await second.stop()
})

test('what it keeps is for its owner alone', async () => {
  const server = await startProcess({ flags: ['--empty'] })
  const mode = async (name: string) => ((await stat(join(server.dataDir, name))).mode & 0o777).toString(8)
  expect(await mode('.')).toBe('700')
  for (const name of ['plimsoll.db', 'secrets.json', 'plimsoll.log', 'plimsoll.db-wal']) {
    expect([name, await mode(name)]).toEqual([name, '600'])
  }
  await server.stop()
})

test('with a registry it prints what to configure there, and how to import advisories; nothing secret is logged', async () => {
  const environment = { PLIMSOLL_REGISTRY_USERNAME: 'user', PLIMSOLL_REGISTRY_PASSWORD: 'unheard-of' }
  // Nothing listens there: the server starts all the same, and says so where the registry is shown.
  const server = await startProcess({ flags: ['--empty', '--registry', 'http://127.0.0.1:1'], environment })
  expect(server.output()).toMatch(/^notifications:\n {2}endpoints:\n {4}- name: plimsoll$/m)
  expect(server.output()).toMatch(/--advisories/)
  const token = /invitation=(\S+)/.exec(server.output())?.[1] ?? ''
  const { api } = openBrowser(server.url)
  await api.session.acceptInvitation.mutate({
    token,
    name: 'Ada',
    email: 'ada@example.org',
    password: 'a long enough password',
  })
  const secret = /Bearer (\S+)\]/.exec(server.output())?.[1] ?? ''
  await server.stop()
  const log = await readFile(join(server.dataDir, 'plimsoll.log'), 'utf8')
  expect(log).toContain('a registry could not be reconciled')
  for (const hidden of [token, secret, 'unheard-of', 'a long enough password']) {
    expect(hidden).not.toBe('')
    expect(log).not.toContain(hidden)
  }
})

const anyTime = <T extends object>(imported: T) => ({ ...imported, importedAt: expect.any(String) as string })
