import type { ImageReport } from '@plimsoll/types'
import { beforeAll, expect, test } from 'vitest'
import { type Advisory, advisoryIndex, openSource, readOsvZip, readZip, scan } from './index.ts'
import { findingsByDpkg } from './match/testdata/dpkg-oracle.ts'
import { type DebianImage, debianImage } from './testdata/debian-image.ts'
import { shared } from './testdata/shared.ts'

const never = new AbortController().signal

let image: DebianImage
beforeAll(async () => {
  image = await debianImage()
}, 300_000)

test('a real Debian image: the inventory is what dpkg-query says, package for package', async () => {
  const { packages, distro, coverage } = await scanned([])
  expect(distro).toMatchObject({ id: 'debian', versionId: '12', codename: 'bookworm' })
  const line = (of: {
    name: string
    version: string
    arch: string
    sourceName: string
    sourceVersion: string
  }) => `${of.name} ${of.version} ${of.arch} ${of.sourceName} ${of.sourceVersion}`
  expect(packages.map(line).sort()).toEqual(image.installed.map(line).sort())
  expect(packages.length).toBeGreaterThan(150)
  expect(coverage.reasons.map(reason => reason.code)).toEqual(['no-advisories-for-release'])
}, 120_000)

test('a real Debian image: the findings are what dpkg --compare-versions says, none missing, none extra', async () => {
  const advisories = shared('advisories')
  if (advisories === null) return
  const { findings, coverage } = await scanned(await debianAdvisories(advisories))
  const records: unknown[] = []
  for await (const { content } of readZip(`${advisories}/Debian/all.zip`, generous)) {
    records.push(JSON.parse(content.toString('utf8')))
  }
  const expected = await findingsByDpkg('Debian:12', records, image.installed)
  expect(
    findings
      .map(of => `${of.vulnerabilityId} ${of.sourceName} ${of.sourceVersion} ${of.fixedVersion ?? '-'}`)
      .sort(),
  ).toEqual(expected)
  expect(expected.length).toBeGreaterThan(100)
  expect(coverage.status).toBe('complete')
}, 120_000)

const generous = { maxEntries: 1e6, maxEntryBytes: 64e6, maxTotalBytes: 4e9 }

async function scanned(advisories: Advisory[]): Promise<ImageReport> {
  const source = openSource(`oci:${image.layout}:${image.tag}`)
  const { images } = await source.resolve([{ os: 'linux', architecture: 'amd64' }], never)
  expect(images).toHaveLength(1)
  const running = scan({ source, image: images[0]!, advisories: advisoryIndex(advisories), signal: never })
  let step = await running.next()
  while (!step.done) step = await running.next()
  return step.value
}

async function debianAdvisories(location: string): Promise<Advisory[]> {
  const advisories: Advisory[] = []
  for await (const record of readOsvZip(location, 'Debian', never)) {
    if (record.kind === 'advisory') advisories.push(record.advisory)
  }
  return advisories
}
