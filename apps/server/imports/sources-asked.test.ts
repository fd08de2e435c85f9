import { newImageImportSchema } from '@plimsoll/types'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ensureRegistry } from '../intake/places.ts'
import { type TestConnections, testConnections } from '../registries/testdata/connections.ts'
import { until } from '../testdata/server-process.ts'
import { type Importer, startImporter } from './importer.ts'
import { listImports, startImport } from './store.ts'
import { refuseOwnSource, wantedImport } from './wanted.ts'

let deps: TestConnections
let importer: Importer | null = null
const at = '2026-03-04T12:00:00.000Z'
const registry = (id: string, url: string) =>
  ensureRegistry(deps.db, { id, subscriptionId: 'main', name: id, kind: 'distribution', url }, at)

beforeEach(() => {
  deps = testConnections()
  registry('target', 'https://target.example')
})
afterEach(async () => await importer?.stop())

const input = (source: string, more: object = {}) =>
  newImageImportSchema.parse({ source, registryId: 'target', ...more })
const asked = (source: string, more: object = {}) => wantedImport(deps.db, input(source, more)).source

test('a source in a connected registry is asked as that is, whatever is written before its name', () => {
  registry('tls', 'https://localhost:5443')
  registry('plain', 'http://plain.example:5000')
  registry('port', 'http://port.example')
  expect(asked('localhost:5443/team/app:1')).toBe('https://localhost:5443/team/app:1')
  expect(asked('localhost:5443/team/app:1', { sourcePlainHttp: true })).toBe(
    'https://localhost:5443/team/app:1',
  )
  expect(asked('http://localhost:5443/team/app:1')).toBe('https://localhost:5443/team/app:1')
  expect(asked('plain.example:5000/team/app:1')).toBe('http://plain.example:5000/team/app:1')
  expect(asked('https://plain.example:5000/team/app:1')).toBe('http://plain.example:5000/team/app:1')
  expect(asked('port.example/team/app:1')).toBe('http://port.example/team/app:1')
  // Another port is another registry.
  expect(asked('https://port.example/team/app:1')).toBe('port.example/team/app:1')
})

test('one on this machine is asked over https when that is written, and over http when it is chosen', () => {
  expect(asked('https://localhost:5444/team/app:1')).toBe('https://localhost:5444/team/app:1')
  expect(asked('localhost:5444/team/app:1', { sourcePlainHttp: true })).toBe('localhost:5444/team/app:1')
  expect(() => asked('localhost:5444/team/app:1')).toThrow('over plain http, which was not chosen')
})

test('where no registry can be, and this server itself, are refused at once', async () => {
  for (const host of ['169.254.169.254', '[fe80::1]:5000', '0.0.0.0:5000'])
    expect(() => asked(`${host}/team/app:1`, { sourcePlainHttp: true })).toThrow('where no registry is')
  for (const name of ['localhost:1', 'https://127.0.0.1:1'])
    await expect(
      refuseOwnSource(deps.db, input(`${name}/team/app:1`, { sourcePlainHttp: true }), deps.ownOrigins()),
    ).rejects.toThrow('is Plimsoll itself')
})

test('what makes no sense is said in words of an import', () => {
  const refused = (source: string, more: object = {}) => {
    try {
      return asked(source, more)
    } catch (error) {
      return error
    }
  }
  expect(refused('reg.example/Team')).toMatchObject({
    message: expect.stringContaining('is not an image reference'),
    hint: expect.not.stringContaining('oci:'),
  })
  expect(refused('reg.example/team:1', { repository: 'Upper' })).toMatchObject({
    message: 'What the image is to be called in the target is no name: a repository name is in lower case.',
    hint: expect.not.stringContaining('oci:'),
  })
})

/** As if its name came to lead there after it was asked for. */
function kept(source: string): string {
  const { lastInsertRowid } = deps.db.$client
    .prepare(
      `insert into image_import (source, registry_id, repository, tag, state, requested_by, queued_at)
       values (?, 'target', 'team/app', '1', 'queued', 'Ada', ?)`,
    )
    .run(source, at)
  return String(lastInsertRowid)
}
const shown = (id: string) => listImports(deps.db, { page: 1, size: 10 }).rows.find(row => row.id === id)

test.each([
  ['http://169.254.169.254:80/team/app:1', 'where no registry is'],
  ['localhost:1/team/app:1', 'is Plimsoll itself'],
])('%s, which is asked for no more, ends an import at its first try', async (source, said) => {
  const id = kept(source)
  importer = startImporter({ ...deps, wakeRunner: () => undefined })
  await until('it has ended', () => shown(id)?.state === 'failed')
  expect(shown(id)).toMatchObject({
    attempts: 1,
    retryAt: null,
    error: { message: expect.stringContaining(said) },
  })
})

test('one that waits for another try says when that is, and why', async () => {
  importer = startImporter({ ...deps, wakeRunner: () => undefined })
  const asking = { ...deps, viewer: { name: 'Ada' }, importer }
  const before = Date.now()
  const { id } = startImport(input('127.0.0.1:9/team/app:1', { sourcePlainHttp: true }), asking)
  await until('it waits', () => shown(id)?.attempts === 1 && shown(id)?.state === 'queued')
  const waiting = shown(id)
  expect(waiting?.error?.message).toBe('http://127.0.0.1:9 cannot be reached: nothing listens there.')
  expect(Date.parse(waiting?.retryAt ?? '') - before).toBeGreaterThanOrEqual(4000)
})
