import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type ImageReport, scanReportSchema } from '@plimsoll/types'
import { beforeAll, describe, expect, it } from 'vitest'
import { readZip } from '../../../packages/engine/formats/zip.ts'
import { findingsByDpkg } from '../../../packages/engine/match/testdata/dpkg-oracle.ts'
import { startDockerRegistry } from '../../../packages/engine/registry/testdata/docker-registry.ts'
import { skopeoCopy } from '../../../packages/engine/registry/testdata/tiny-image.ts'
import { type DebianImage, debianImage } from '../../../packages/engine/testdata/debian-image.ts'
import { shared } from '../../../packages/engine/testdata/shared.ts'

async function scanned(...args: string[]): Promise<ImageReport> {
  const program = join(import.meta.dirname, 'plimsoll.ts')
  const child = spawn(process.execPath, [program, 'scan', '--format', 'json', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const report = scanReportSchema.parse(JSON.parse(await text(child.stdout)))
  expect(report.failures).toEqual([])
  const [image] = report.images
  if (image === undefined) throw new Error('no image was scanned')
  return image
}

/** Debian 12 with common servers, made here by mmdebstrap; dpkg itself is what our answers are held against. */
describe('a real Debian image', () => {
  let image: DebianImage

  beforeAll(async () => {
    image = await debianImage()
  }, 600_000)

  it('has the packages that dpkg-query finds, version for version', async () => {
    const { packages, coverage, distro } = await scanned(`oci:${image.layout}:${image.tag}`)
    const row = (one: (typeof image.installed)[number]): string =>
      [one.name, one.arch, one.version, one.sourceName, one.sourceVersion].join(' ')
    expect(packages.map(row).toSorted()).toEqual(image.installed.map(row).toSorted())
    expect(packages.length).toBeGreaterThan(150)
    expect(distro).toMatchObject({ id: 'debian', versionId: '12' })
    expect(coverage.packages).toEqual({ deb: packages.length })
  })

  it('has the findings that dpkg --compare-versions finds, none missing and none extra', async () => {
    const advisories = shared('advisories')
    if (advisories === null) return
    const { findings, coverage } = await scanned(
      `oci:${image.layout}:${image.tag}`,
      '--advisories',
      advisories,
    )
    const records: unknown[] = []
    const limits = { maxEntries: 1e6, maxEntryBytes: 1e8, maxTotalBytes: 1e10 }
    for await (const { content } of readZip(join(advisories, 'Debian/all.zip'), limits)) {
      records.push(JSON.parse(content.toString()))
    }
    const ours = findings.map(one =>
      [one.vulnerabilityId, one.sourceName, one.sourceVersion, one.fixedVersion ?? '-'].join(' '),
    )
    expect(ours.toSorted()).toEqual(await findingsByDpkg('Debian:12', records, image.installed))
    expect(coverage.status).toBe('complete')
    expect(findings.length).toBeGreaterThan(50)
    const counts = Object.entries(Object.groupBy(findings, one => one.sourceName))
    const bySource = counts.map(([name, group]) => `${name} ${group?.length}`).join(', ')
    console.log(`${findings.length} findings: ${bySource}`)
  })

  it('is the same out of a registry', async () => {
    const registry = await startDockerRegistry()
    try {
      const reference = `${registry.host}/debian:${image.tag}`
      await skopeoCopy(`oci:${image.layout}:${image.tag}`, `docker://${reference}`)
      const local = await scanned(`oci:${image.layout}:${image.tag}`)
      expect(await scanned(reference)).toEqual({ ...local, reference })
    } finally {
      await registry.stop()
    }
  })
})
