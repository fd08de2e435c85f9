import { findingClasses, findingFilterSchema, findingListInputSchema, findingSorts } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { classes, origins, statuses } from './finding-fields.ts'
import {
  type FindingQuery,
  findingsPath,
  readFindingQuery,
  withField,
  writeFindingQuery,
} from './finding-query.ts'

const digest = `sha256:${'0f'.repeat(32)}`
const read = (search: string) => readFindingQuery(new URLSearchParams(search))
const write = (query: FindingQuery, before = '') =>
  writeFindingQuery(new URLSearchParams(before), query).toString()

const full: FindingQuery = {
  filter: {
    q: 'open ssl',
    severity: ['Critical', 'Low'],
    fix: 'available',
    status: 'disabled',
    class: ['unimportant', 'kernel-headers'],
    subscriptionId: 'demo',
    registryId: 'r1',
    repository: 'team/api',
    digest,
    cve: 'CVE-2024-0727',
    securityCheck: 'sudo',
    feed: 'Debian:12',
    package: 'openssl',
    kev: true,
    epssAtLeast: 0.1,
    layer: digest,
    origin: 'own',
    ruleId: 'rule1',
    scope: { kind: 'subscription', ids: ['a', 'b'] },
  },
  sort: '-cvss',
  page: 3,
  size: 100,
}

test('the default state is the empty URL, both ways', () => {
  expect(read('')).toEqual({
    query: { filter: { status: 'open' }, sort: '-severity', page: 1, size: 50 },
    ignored: [],
  })
  expect(write(read('').query)).toBe('')
})

test('every field survives the way to the URL and back, and the server accepts the result', () => {
  const { query, ignored } = read(write(full))
  expect(ignored).toEqual([])
  expect(query).toEqual(full)
  expect(findingListInputSchema.parse(query)).toEqual(full)
})

test('no field of the shared filter is without a parameter', () => {
  const written = [...new URLSearchParams(write(full)).keys()]
  expect(Object.keys(full.filter).sort()).toEqual(Object.keys(findingFilterSchema.shape).sort())
  expect(written).toHaveLength(Object.keys(full.filter).length + 3)
  expect(written).toEqual([...written].sort())
})

test('the choices are those of the shared vocabulary', () => {
  expect(Object.keys(statuses).sort()).toEqual(['closed', 'disabled', 'open', 'undetermined'])
  expect(Object.keys(origins).sort()).toEqual([...findingFilterSchema.shape.origin.unwrap().options].sort())
  expect(Object.keys(classes).sort()).toEqual([...findingClasses].sort())
  for (const sort of findingSorts) expect(read(`sort=${encodeURIComponent(sort)}`).query.sort).toBe(sort)
})

test('severities are written in lower case and kept in rank order', () => {
  expect(read('sev=low,critical').query.filter.severity).toEqual(['Critical', 'Low'])
  expect(write({ ...full, filter: { status: 'open', severity: ['Critical', 'Low'] } })).toContain(
    'sev=critical%2Clow',
  )
})

test.each([
  'sev=awful',
  'fix=maybe',
  'status=gone',
  'class=other',
  'image=sha256:12',
  'repo=team/api',
  `layer=${digest}`,
  'origin=base',
  'origin=elsewhere',
  'kev=yes',
  'epss=2',
  'epss=10%',
  'epss=-0.1',
  'sort=severity; drop',
  'page=0',
  'page=1e3',
  'size=51',
  'sort=constructor',
])('%s falls back and is named', search => {
  const { query, ignored } = read(search)
  expect(query).toEqual(read('').query)
  expect(ignored).toEqual([search])
})

test('of several severities the known ones hold while the unknown one is named', () => {
  const { query, ignored } = read('sev=high,awful')
  expect(query.filter.severity).toEqual(['High'])
  expect(ignored).toEqual(['sev=high,awful'])
})

test('both marks of the catalogue and an EPSS bound with or without its dash are read', () => {
  expect(read('kev=0').query.filter.kev).toBe(false)
  expect(read('epss=0.05').query.filter.epssAtLeast).toBe(0.05)
  expect(read('epss=0.05-').query.filter.epssAtLeast).toBe(0.05)
  expect(write({ ...full, filter: { status: 'open', kev: false, epssAtLeast: 0.05 } })).toContain(
    'epss=0.05-&kev=0',
  )
})

test('a layer needs an image, be it that of the page', () => {
  const search = `layer=${digest}&origin=base`
  expect(read(search).ignored).toHaveLength(2)
  const { query, ignored } = readFindingQuery(new URLSearchParams(search), { digest })
  expect(ignored).toEqual([])
  expect(query.filter).toEqual({ status: 'open', layer: digest, origin: 'base' })
})

test('dropping a field drops what means something only within it', () => {
  const dropped = withField(full.filter, { digest: undefined })
  expect(dropped).not.toHaveProperty('layer')
  expect(dropped).not.toHaveProperty('origin')
  expect(dropped.repository).toBe('team/api')
  expect(withField(full.filter, { registryId: undefined })).not.toHaveProperty('repository')
  expect(withField(full.filter, { kev: undefined }).layer).toBe(digest)
})

test('parameters of others are kept', () => {
  expect(write(read('q=ssl').query, 'finding=f1&tab=layers&q=old')).toBe('finding=f1&q=ssl&tab=layers')
})

test('fields that the page fixes are neither read nor written: there the parameter is its own', () => {
  const fixed = { registryId: 'r1', repository: 'team/api', digest }
  const params = new URLSearchParams('repo=team/api&sev=high')
  expect(readFindingQuery(params, fixed)).toEqual({
    query: { filter: { status: 'open', severity: ['High'] }, sort: '-severity', page: 1, size: 50 },
    ignored: [],
  })
  expect(writeFindingQuery(params, { ...full, filter: { status: 'open' } }, fixed).get('repo')).toBe(
    'team/api',
  )
})

test('a number leads to the rows it counted', () => {
  expect(findingsPath({})).toBe('/findings')
  expect(findingsPath({ severity: ['High'], fix: 'none' })).toBe('/findings?fix=none&sev=high')
})
