import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import {
  type KubernetesApiDouble,
  kubeconfigFor,
  startKubernetesApiDouble,
} from '../apps/server/testdata/kubernetes-api-double.ts'
import {
  type DockerRegistry,
  startDockerRegistry,
} from '../packages/engine/registry/testdata/docker-registry.ts'
import { advisoryPlace } from './rig/advisory-place.ts'
import { type PlimsollServer, startPlimsoll } from './rig/plimsoll-server.ts'
import { pushImage } from './rig/push-image.ts'
import { smallImages } from './rig/small-images.ts'
import { enterAsAda } from './rig/steps.ts'

const manifestType = 'application/vnd.oci.image.manifest.v1+json'

let folder: string
let advisories: string
let layout: string
let registry: DockerRegistry
let cluster: KubernetesApiDouble
let plimsoll: PlimsollServer
let page: Page

test.describe.configure({ mode: 'serial' })
test.beforeAll(async ({ browser }) => {
  layout = await smallImages()
  advisories = await advisoryPlace()
  registry = await startDockerRegistry()
  cluster = await startKubernetesApiDouble()
  const digest = await push('web', 'team/web:1.0')
  cluster.pods = [
    { namespace: 'shop', name: 'web-1', containers: [`${registry.host}/team/web@${digest}`] },
    { namespace: 'shop', name: 'cache-1', containers: [`elsewhere.example/cache@${digest}`] },
  ]
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-kube-'))
  await writeFile(join(folder, 'config'), kubeconfigFor(cluster.url, 'production'))
  plimsoll = await startPlimsoll(
    ['--empty', '--registry', registry.url, '--advisories', advisories, '--kubernetes'],
    {
      env: { KUBECONFIG: join(folder, 'config') },
    },
  )
  page = await (await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] })).newPage()
  await enterAsAda(page.context(), plimsoll)
})
test.afterAll(async () => {
  await page.context().close()
  await plimsoll.stop()
  await cluster.stop()
  await registry.stop()
  for (const each of [folder, advisories]) await rm(each, { recursive: true })
})

/** @returns the digest of its manifest. */
async function push(tag: string, as: string): Promise<string> {
  await pushImage(`${layout}:${tag}`, `${registry.host}/${as}`)
  const [repository, name] = as.split(':')
  const answer = await fetch(`${registry.url}/v2/${repository}/manifests/${name}`, {
    method: 'HEAD',
    headers: { accept: manifestType },
  })
  return answer.headers.get('docker-content-digest') ?? ''
}

const row = (text: string) => page.getByRole('row').filter({ hasText: text })

test('a cluster is listed with what it runs of connected registries, and the image says where it runs', async () => {
  await page.goto(`${plimsoll.url}/settings/clusters`)
  await expect(row('production')).toContainText('Listed')
  await expect(row('production')).toContainText('1 of 2')
  await page.goto(`${plimsoll.url}/images`)
  await expect(row('team/web:1.0')).toContainText('Unhealthy')
  await expect(row('team/web:1.0').getByTitle('Runs in production')).toHaveText('Running')
  await row('team/web:1.0').getByRole('link', { name: 'team/web:1.0' }).click()
  await page.getByRole('button', { name: 'Delete image' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('It runs in production')
  await expect(dialog).toContainText(/Findings that close\s*1/)
  await dialog.getByRole('button', { name: 'Keep it' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('tab', { name: 'Findings (1)' })).toBeVisible()
})

test('the block that a registry’s page shows is copied, and what is posted with it is scanned', async () => {
  await page.goto(`${plimsoll.url}/registries`)
  await page.getByRole('link', { name: registry.host, exact: true }).click()
  await page.getByRole('button', { name: 'Copy block' }).click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  const block = String(await page.evaluate('navigator.clipboard.readText()'))
  const [, url = ''] = /^ +url: (\S+)$/m.exec(block) ?? []
  const [, authorization = ''] = /^ +Authorization: \[(.+)\]$/m.exec(block) ?? []
  const digest = await push('mirror', 'tools/mirror:2.0')
  const target = {
    mediaType: manifestType,
    digest,
    repository: 'tools/mirror',
    tag: '2.0',
    size: 500,
    length: 500,
  }
  const event = {
    id: 'e1',
    timestamp: new Date().toISOString(),
    action: 'push',
    target,
    actor: { name: 'ada' },
  }
  const post = (headers: Record<string, string>) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.docker.distribution.events.v1+json', ...headers },
      body: JSON.stringify({ events: [event] }),
    })
  expect((await post({ authorization: `${authorization}x` })).status).toBe(401)
  expect((await post({ authorization })).ok).toBe(true)
  await expect(row('tools/mirror')).toContainText('Unhealthy')
  await page.goto(`${plimsoll.url}/scans?lane=asked`)
  await expect(row('tools/mirror:2.0')).toContainText(/Done.*Push/)
})

test('scans that are chosen by their state, lane and registry are those that the numbers count', async () => {
  const states = page.getByRole('navigation', { name: 'Scans by state' })
  await states.getByRole('link', { name: 'Failed 0' }).click()
  await expect(page).toHaveURL(/\/scans\?lane=asked&state=failed$/)
  await expect(page.getByText('No scan matches these filters')).toBeVisible()
  await page.getByRole('button', { name: 'Drop the filter Lane' }).click()
  await states.getByRole('link', { name: /^All \d+$/ }).click()
  await expect(row('team/web:1.0')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Retry all failed' })).toBeHidden()
})

test('the number of images of a subscription leads to them', async () => {
  await page.goto(`${plimsoll.url}/settings/scopes`)
  await page.getByRole('link', { name: '2 images', exact: true }).click()
  await expect(page).toHaveURL(/\/images\?sub=/)
  await expect(page.getByText('2 images', { exact: true })).toBeVisible()
  await expect(row('tools/mirror:2.0')).toBeVisible()
  await page.getByRole('button', { name: 'Drop the filter Subscription' }).click()
  await expect(page).toHaveURL(/\/images$/)
})
