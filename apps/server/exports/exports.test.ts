import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import papaparse from 'papaparse'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { recordFindings } from '../findings/record.ts'
import { heavyReadsInline } from '../posture/heavy-reads.ts'
import { listSecurityChecks } from '../posture/security-checks.ts'
import { startApp, type TestApp } from '../testdata/app.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { exportRoutes } from './routes.ts'

const many = 5003

let db: Db
let url: string
let app: TestApp
const server = createServer()
beforeAll(async () => {
  db = openInMemory()
  const matches = Array.from({ length: many }, (_, number) =>
    madeMatch({
      vulnerabilityId: `CVE-2024-${number}`,
      securityCheck: number === 7 ? '=cmd|calc' : `Check ${number % 3}`,
      severity: number % 2 === 0 ? 'High' : 'Low',
      patchable: number % 5 > 0,
    }),
  )
  const at = '2024-03-01T00:00:00.000Z'
  const image = (number: number, registry: string, subscription: string, found: typeof matches): void => {
    const id = madeOccurrence(db, { subscription, registry, digest: madeDigest(number) })
    recordFindings(db, id, found, [], at)
  }
  image(1, '-registry', 'shop', matches)
  image(2, 'Harbor', 'shop', matches.slice(0, 40))
  image(3, 'clean', 'plants', [])
  const deps = { db, heavyReads: heavyReadsInline(db), rules: { upToDate: async () => undefined } }
  const viewer = { id: '1', name: 'Ada', role: 'Security Reader' } as const
  server.on('request', express().use(exportRoutes(deps, () => viewer)))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  app = await startApp()
})
afterAll(async () => {
  server.close()
  await app.stop()
})

async function get(path: string) {
  const answer = await fetch(`${url}${path}`)
  const text = await answer.text()
  const { data, errors } = papaparse.parse<Record<string, string>>(text, {
    header: true,
    skipEmptyLines: true,
  })
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    disposition: answer.headers.get('content-disposition'),
    text,
    rows: data,
    errors,
  }
}
const today = new Date().toISOString().slice(0, 10)

test('security checks are exported in the order of their list, each once, and nothing that a spreadsheet would run', async () => {
  const { status, type, disposition, rows, errors } = await get('/api/security-checks/export')
  expect([status, type, disposition, errors]).toEqual([
    200,
    'text/csv; charset=utf-8',
    `attachment; filename=plimsoll-security-checks-${today}.csv`,
    [],
  ])
  const listed = listSecurityChecks(db, { tab: 'findings', sort: '-severity', page: 1, size: many + 1 }).rows
  expect(rows.map(row => row['id'])).toEqual(listed.map(row => row.vulnerabilityId))
  expect(rows).toHaveLength(many)
  expect(rows.find(row => row['id'] === 'CVE-2024-7')).toEqual({
    id: 'CVE-2024-7',
    security_check: "'=cmd|calc",
    category: 'Debian',
    severity: 'Low',
    patch_available: 'yes',
    applies_to_images: '2',
    scanned_images: '3',
  })
})

test('the export is of the tab, the search and the order that are shown', async () => {
  const { rows } = await get('/api/security-checks/export?q=CVE-2024-10&sort=id')
  const listed = listSecurityChecks(db, { tab: 'findings', q: 'CVE-2024-10', sort: 'id', page: 1, size: 200 })
  expect(rows.map(row => row['id'])).toEqual(listed.rows.map(row => row.vulnerabilityId))
  expect(rows.length).toBeGreaterThan(100)
  const disabled = await get('/api/security-checks/export?tab=disabled')
  expect([disabled.rows, disabled.disposition]).toEqual([
    [],
    `attachment; filename=plimsoll-disabled-security-checks-${today}.csv`,
  ])
  expect(disabled.text).toMatch(/^id,security_check,.*\r\n$/)
  const within = await get('/api/security-checks/export?scope=registry:Harbor')
  expect(within.rows).toHaveLength(40)
  expect(within.rows[0]).toMatchObject({ applies_to_images: '1', scanned_images: '1' })
})

test('registries are exported by health and by what their names hold', async () => {
  const names = async (query: string) =>
    (await get(`/api/registries/export?${query}`)).rows.map(row => row['registry'])
  expect(await names('')).toEqual(["'-registry", 'Harbor', 'clean'])
  expect(await names('health=unhealthy')).toEqual(["'-registry", 'Harbor'])
  expect(await names('health=unhealthy&q=+harb')).toEqual(['Harbor'])
  expect(await names('health=healthy&q=PLANT')).toEqual(['clean'])
  expect(await names('health=not-applicable')).toEqual([])
  const { rows } = await get('/api/registries/export?q=harbor')
  expect(rows).toMatchObject([
    {
      health: 'unhealthy',
      scanned_images: '1',
      vulnerable_images: '1',
      critical: '0',
      high: '20',
      low: '20',
    },
  ])
})

test('the list of recommendations is exported with its numbers', async () => {
  const { rows, disposition } = await get('/api/recommendations/export')
  expect(disposition).toBe(`attachment; filename=plimsoll-recommendations-${today}.csv`)
  expect(rows).toEqual([
    {
      name: 'Vulnerabilities in container registry images should be remediated',
      security_control: 'Remediate vulnerabilities',
      severity: 'High',
      max_score: '6',
      current_score: '2',
      potential_score_increase: '4',
      status: 'unhealthy',
      unhealthy_resources: '2',
      healthy_resources: '1',
      not_applicable_resources: '0',
      known_exploited_findings: '',
      fixable_findings: String(4002 + 32),
      rules_ending: '0',
    },
  ])
  expect((await get('/api/recommendations/export?q=REMEDIATE+vuln')).rows).toHaveLength(1)
  expect((await get('/api/recommendations/export?q=nothing')).rows).toEqual([])
})

test('what makes no sense is refused, and nobody reads it without signing in', async () => {
  for (const path of [
    '/api/security-checks/export?sort=name',
    '/api/security-checks/export?tab=other',
    '/api/registries/export?health=ill',
    '/api/recommendations/export?scope=planet:earth',
  ]) {
    expect((await get(path)).status).toBe(400)
  }
  expect(await get('/api/registries/export?scope=registry:nope')).toMatchObject({
    status: 404,
    text: '{"error":"There is no registry nope."}',
  })
  for (const what of ['security-checks', 'registries', 'recommendations']) {
    const answer = await fetch(`${app.url}/api/${what}/export`)
    expect([answer.status, await answer.json()]).toEqual([401, { error: 'Sign in first.' }])
  }
})
