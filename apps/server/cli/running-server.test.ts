import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type DockerRegistry,
  startDockerRegistry,
} from '../../../packages/engine/registry/testdata/docker-registry.ts'
import { type CommandLoop, plimsoll, startCommandLoop } from '../testdata/command-line.ts'
import { packagedImage } from '../testdata/packaged-image.ts'
import { pushImage } from '../testdata/push-image.ts'
import { cleanUp, type ServerProcess, startProcess, until } from '../testdata/server-process.ts'

/** Each command against a real server, as its operator types it. */

let server: ServerProcess
let registry: DockerRegistry
let commands: CommandLoop
beforeAll(async () => {
  commands = startCommandLoop()
  ;[server, registry] = await Promise.all([startProcess({ flags: ['--empty'] }), startDockerRegistry()])
})
afterAll(async () => {
  commands.stop()
  await registry.stop()
  await cleanUp()
})

/** What a command prints; it has to have gone well. */
async function run(...args: string[]): Promise<string> {
  const { stdout, stderr, code } = await commands.run([...args, '--data', server.dataDir])
  if (code !== 0 || stderr !== '') throw new Error(`${args.join(' ')}: ${code} ${stderr}`)
  return stdout.trimEnd()
}
const json = async (...args: string[]): Promise<unknown> => JSON.parse(await run(...args, '--format', 'json'))
/** What a command complains of that was not done. */
async function refused(...args: string[]): Promise<string> {
  const { stderr, code } = await commands.run([...args, '--data', server.dataDir])
  expect(code).toBe(2)
  return stderr
}

test('scopes are made, moved, renamed and deleted', async () => {
  expect(await run('scopes', 'create-group', 'Plants')).toBe('plants')
  expect(await run('scopes', 'create-group', 'North', '--under', 'plants')).toBe('north')
  expect(await run('scopes', 'create-subscription', 'Line 1', '--under', 'north')).toBe('line-1')
  await run('scopes', 'move', 'line-1', 'plants')
  await run('scopes', 'rename', 'line-1', 'Line One')
  await run('scopes', 'delete', 'north')
  expect((await run('scopes', 'tree')).split('\n').map(line => line.trimEnd())).toEqual([
    'SCOPE         ID      KIND          PLAN',
    'Tenant        tenant  group         -',
    '  Plants      plants  group         -',
    '    Line One  line-1  subscription  on',
  ])
  expect(await refused('scopes', 'delete', 'plants')).toBe(
    'plimsoll: "Plants" cannot be deleted: it holds 1 subscription. Move or delete what is in it first.\n',
  )
  expect(await refused('scopes', 'delete', 'gone')).toContain(
    'There is no management group and no subscription gone.',
  )
})

test('plans are shown, configured and turned off and on', async () => {
  await run('plan', 'line-1', 'off', '--cloud', 'government', '--triggers', 'push,pull', '--rescan-days', '1')
  expect(await json('plan', 'line-1')).toMatchObject([
    {
      plan: 'off',
      planChangedBy: 'Command line',
      cloud: 'government',
      effectiveTriggers: [],
      rescanEveryDays: 1,
    },
  ])
  expect(await run('plan', 'line-1', 'on', '--scan-minutes', '10')).toMatch(
    /Line One +on +government +push +1 days +10 minutes/,
  )
  expect(await refused('plan', 'line-1', '--triggers', 'push,never')).toContain(
    '--triggers takes push, pull, import, running, none, not "never"',
  )
  expect(await refused('plan', 'line-1', '--scan-minutes', '999')).toContain('scanLimitMinutes')
})

test('a registry is tested, connected, gone over, changed and removed, its credentials in a file', async () => {
  const file = join(server.dataDir, 'credentials.json')
  await writeFile(file, '{"kind": "password", "username": "scanner", "password": "secret"}')
  expect(await refused('registries', 'test', 'http://127.0.0.1:1', '--allow-plain-http')).toMatch(
    /plimsoll: .*127\.0\.0\.1/,
  )
  expect(await run('registries', 'test', registry.url, '--allow-plain-http')).toMatch(/catalogue +ok/)
  const connecting = ['registries', 'connect', registry.url, '--subscription', 'line-1', '--allow-plain-http']
  expect(await refused('registries', 'connect', registry.url)).toContain('name the subscription')
  expect(await refused(...connecting, '--credentials', join(server.dataDir, 'plimsoll.log'))).toContain(
    'holds no credentials',
  )
  const id = await run(...connecting, '--name', 'Plant registry', '--credentials', file)
  expect(await json('registries', 'list')).toMatchObject([
    { id, name: 'Plant registry', kind: 'distribution', subscription: { id: 'line-1' }, plan: 'on' },
  ])
  await run('registries', 'change', id, '--name', 'Renamed')
  expect(await run('registries', 'list')).toMatch(/Renamed +distribution +Line One/)
  const events = await run('registries', 'events', id)
  expect(events).toContain(`${server.url}/webhooks/`)
  const rotated = await run('registries', 'rotate-secret', id)
  expect(rotated).not.toBe(events)
  expect(await run('registries', 'events', id)).toBe(rotated)
  expect(await refused('registries', 'rotate-secret', 'none')).toContain('There is no registry none.')
  const elsewhere = ['registries', 'connect', 'http://127.0.0.1:9', '--subscription', 'line-1']
  expect(await refused(...elsewhere)).toContain('--allow-plain-http')
  expect(await refused(...elsewhere, '--allow-plain-http')).toMatch(
    /Nothing listens at http:\/\/127\.0\.0\.1:9\. .* give --untested\.\n$/,
  )
  const other = await run(...elsewhere, '--allow-plain-http', '--untested')
  expect(await refused('registries', 'change', other, '--name', 'Renamed')).toContain('is called Renamed')
  const asked = await commands.run(['registries', 'remove', other, '--data', server.dataDir])
  expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('Give --yes') })
  expect(asked.stdout).toMatch(
    /holds 0 repositories with 0 images and 0 open findings.*\n.*\n.*another secret/,
  )
  expect(await run('registries', 'remove', other, '--yes')).toContain('is removed.')
  expect(await json('registries', 'list')).toMatchObject([{ id }])
  await until(
    'it can be gone over',
    async () => (await run('registries', 'reconcile', id)) === 'It is gone over.',
  )
  expect(await run('scans', 'request', id)).toBe('Scans asked for: 0.')
  await run('registries', 'remove', id, '--yes')
  expect(await json('registries', 'list')).toEqual([])
  expect(await refused('registries', 'remove', id)).toContain('There is no registry')
})

test('of an unknown choice or place it is said what there is', async () => {
  expect(await refused('plan', 'line-1', '--cloud', 'mars')).toContain(
    '--cloud takes commercial, government, china, not "mars"',
  )
  expect(await refused('plan', 'line-1', '--rescan-days', '0')).toBe(
    'plimsoll: settings.rescanEveryDays has to be at least 1.\n',
  )
  expect(await refused('plan', 'nope')).toContain('plimsoll scopes tree')
  expect(await refused('bill', 'export', '2026-11', '--subscription', 'nope')).toContain(
    'There is no subscription nope.',
  )
})

test('scans are listed and cancelled, and the queue is seen', async () => {
  expect(await run('scans', 'list', '--state', 'queued')).toMatch(/^ID +STATE +TRIGGER/)
  expect(await run('scans', 'queue')).toContain('Waiting: 0 that somebody waits for, 0 in the background.')
  expect(await run('scans', 'cancel', '--queued')).toBe('Cancelled: 0.')
  expect(await refused('scans', 'cancel', '77')).toContain('plimsoll: ')
  expect(await refused('scans', 'cancel')).toContain('name a scan, or give --queued')
  expect(await refused('scans', 'list', '--state', 'odd')).toContain('no scan is "odd"')
})

test('the bill and the settings are read and changed', async () => {
  expect(await run('bill', 'price')).toBe('No price is set.')
  expect(await run('bill', 'price', '0.29', 'eur')).toBe('0.29 EUR for each image')
  expect(await refused('bill', 'price', '0,29', 'EUR')).toContain('an amount is like 0.29')
  expect(await json('bill', 'months')).toEqual([])
  expect(await json('bill', 'charges', '2026-11')).toEqual([])
  expect(await run('bill', 'export', '2026-11')).toMatch(/^charged_at,/)
  expect(await refused('bill', 'export', '2026-13')).toContain('Give a month as 2026-11.')
  expect(await json('settings', '--concurrency', '1')).toMatchObject([{ concurrency: 1 }])
  expect(await refused('settings', '--concurrency', '0')).toContain('concurrency')
})

test('an image is deleted once that is meant, and stays where its registry allows no deletion', async () => {
  const keeping = await startDockerRegistry({ deletes: false })
  const image = packagedImage([{ openssl: '3.0.11-1' }])
  const { digest } = image.manifest
  for (const { url } of [registry, keeping]) await pushImage(url, 'team/app', '1.0', image)
  const there = async ({ url }: DockerRegistry) => {
    const headers = { accept: image.manifest.mediaType }
    return (await fetch(`${url}/v2/team/app/manifests/${digest}`, { method: 'HEAD', headers })).status
  }
  const connect = (url: string) =>
    run('registries', 'connect', url, '--subscription', 'line-1', '--allow-plain-http')
  const [deleting, kept] = [await connect(registry.url), await connect(keeping.url)]
  const scanned = async (id: string) => {
    const scans = (await json('scans', 'list', '--registry', id, '--state', 'done')) as unknown[]
    return scans.length > 0
  }
  await until('both are scanned', async () => (await scanned(deleting)) && (await scanned(kept)))
  expect(await run('scans', 'list', '--registry', deleting)).toMatch(/ discovery +background /)

  const asked = await commands.run([
    'images',
    'delete',
    deleting,
    'team/app',
    digest,
    '--data',
    server.dataDir,
  ])
  expect(asked).toMatchObject({
    code: 2,
    stderr: 'plimsoll: Nothing was deleted. Give --yes to delete it.\n',
  })
  expect(asked.stdout).toMatch(/^Tags that go with it: 1\.0\nStays in: .*, team\/app\n$/)
  expect(await there(registry)).toBe(200)
  expect(await run('images', 'delete', deleting, 'team/app', digest, '--yes')).toMatch(/^It is deleted\.$/m)
  expect(await there(registry)).toBe(404)
  expect(await refused('images', 'delete', deleting, 'team/app', digest, '--yes')).toBe(
    'plimsoll: It was deleted already.\n',
  )
  // Twice: what was refused is as it was before.
  for (let times = 0; times < 2; times++) {
    expect(await refused('images', 'delete', kept, 'team/app', digest, '--yes')).toMatch(
      /does not allow images to be deleted.*REGISTRY_STORAGE_DELETE_ENABLED/,
    )
  }
  expect(await there(keeping)).toBe(200)
  expect(await refused('images', 'delete', kept, 'team/gone', digest)).toMatch(/^plimsoll: There is no /)
  expect(await refused('images', 'delete', kept, 'team/app')).toContain('name the digest')
  for (const id of [deleting, kept]) await run('registries', 'remove', id, '--yes')
  await keeping.stop()
})

test('what makes no sense is said, and so is that no server runs', async () => {
  expect(await refused('scopes', 'grow')).toContain('scopes: there is no "grow"; there is: tree, ')
  expect(await refused('scopes', 'tree', 'more')).toContain('"more" is too many')
  expect(await refused('scopes', 'tree', '--format', 'xml')).toContain('--format is table or json')
  expect((await commands.run(['images', 'delete', '--help'])).stdout).toContain(
    'Usage: npm run -s plimsoll -- images delete REGISTRY',
  )
  const { stderr, code } = await plimsoll(['scopes', 'tree', '--data', join(server.dataDir, 'none')])
  expect([stderr, code]).toEqual([
    `plimsoll: No Plimsoll is running with the data folder ${join(server.dataDir, 'none')}. Start it with "npm start", or name another folder with --data.\n`,
    2,
  ])
})
