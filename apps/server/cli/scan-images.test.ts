import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ScanReport, scanReportSchema } from '@plimsoll/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blob, madeImage, madeIndex, oci } from '../../../packages/engine/registry/testdata/made-image.ts'
import { skopeoCopy } from '../../../packages/engine/registry/testdata/tiny-image.ts'
import { tagged, writeLayout } from '../../../packages/engine/registry/testdata/written-layout.ts'
import { writeAdvisoryPlace } from '../testdata/advisory-place.ts'
import { type CommandLoop, startCommandLoop } from '../testdata/command-line.ts'
import { packagedImage } from '../testdata/packaged-image.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-images-'))
let commands: CommandLoop
afterAll(() => {
  commands.stop()
  rmSync(folder, { recursive: true })
})

const layout = join(folder, 'layout')
const advisories = join(folder, 'advisories')
const critical = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'
const medium = 'CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:L/A:N'

/** Packages whose findings are of one severity each. */
const severityOf = { worst: 'Critical', bad: 'High', poor: 'Medium', odd: 'Unknown' }
const image = (name: string, architecture: string, version = '1.0') =>
  packagedImage([{ other: '1.0' }, { [name]: version }], '', { architecture })
const variants = {
  amd64: image('bad', 'amd64'),
  arm64: image('worst', 'arm64'),
  armv7: packagedImage([{ clean: '1.0' }], '', { architecture: 'arm', variant: 'v7' }),
}
const attestation = madeImage({ layerTypes: ['application/vnd.in-toto+json'] })
const platform = (os: string, architecture: string, variant?: string) => ({
  platform: { os, architecture, variant },
})

beforeAll(async () => {
  commands = startCommandLoop()
  await writeAdvisoryPlace(advisories, [
    { cve: 'CVE-2026-0001', name: 'bad', fixed: '1.1' },
    { cve: 'CVE-2026-0002', name: 'worst', fixed: null, vector: critical },
    { cve: 'CVE-2026-0003', name: 'poor', fixed: '1.1', vector: medium },
    { cve: 'CVE-2026-0004', name: 'odd', fixed: '1.1', vector: 'no vector' },
  ])
  await mkdir(join(advisories, 'kev'))
  const entry = { cveID: 'CVE-2026-0002', dateAdded: '2026-03-01', knownRansomwareCampaignUse: 'Known' }
  const catalogue = { dateReleased: '2026-03-02T00:00:00Z', vulnerabilities: [entry] }
  await writeFile(join(advisories, 'kev/known_exploited_vulnerabilities.json'), JSON.stringify(catalogue))

  const index = madeIndex([
    { of: variants.amd64.manifest, with: platform('linux', 'amd64') },
    { of: variants.arm64.manifest, with: platform('linux', 'arm64', 'v8') },
    { of: variants.armv7.manifest, with: platform('linux', 'arm', 'v7') },
    { of: blob({ a: 1 }, oci.manifest), with: platform('windows', 'amd64') },
    {
      of: attestation.manifest,
      with: {
        ...platform('unknown', 'unknown'),
        annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
      },
    },
  ])
  const broken = madeIndex([
    { of: variants.amd64.manifest, with: platform('linux', 'amd64') },
    { of: madeImage({ config: { architecture: 's390x' } }).manifest, with: platform('linux', 's390x') },
  ])
  const singles = Object.keys(severityOf).map(name => ({ name, made: image(name, 'amd64') }))
  const doubtful = image('bad', 'amd64', 'not a version!')
  const children = [...Object.values(variants), ...singles.map(({ made }) => made), doubtful]
  await writeLayout(
    layout,
    [
      { of: index, with: tagged('several') },
      { of: broken, with: tagged('broken') },
      { of: doubtful.manifest, with: tagged('doubtful') },
      ...singles.map(({ name, made }) => ({ of: made.manifest, with: tagged(name) })),
    ],
    children.flatMap(({ manifest, blobs }) => [manifest, ...blobs]),
  )
})

/** What the command makes of an image of the layout. */
async function scanned(tag: string, ...args: string[]): Promise<{ report: ScanReport; code: number | null }> {
  const { stdout, code } = await commands.run(['scan', `oci:${layout}:${tag}`, '--format', 'json', ...args])
  return { report: scanReportSchema.parse(JSON.parse(stdout)), code }
}

const platformsOf = ({ images }: ScanReport) =>
  images.map(({ platform, coverage }) => `${platform?.architecture ?? 'none'} ${coverage.status}`)

describe('an image for several platforms', () => {
  it('pitfall 47: is scanned for every one that runs on Linux', async () => {
    const { report, code } = await scanned('several', '--advisories', advisories)
    expect(platformsOf(report)).toEqual([
      'amd64 complete',
      'arm64 complete',
      'arm complete',
      'amd64 not-applicable',
      'none not-applicable',
    ])
    expect(report.images.map(({ findings }) => findings.map(one => one.vulnerabilityId))).toEqual([
      ['CVE-2026-0001'],
      ['CVE-2026-0002'],
      [],
      [],
      [],
    ])
    expect(report.failures).toEqual([])
    expect(code).toBe(0)
  })

  it('pitfall 48: is printed as its images, with attestations counted beside', async () => {
    const { stdout, code } = await commands.run(['scan', `oci:${layout}:several`, '--advisories', advisories])
    const headings = stdout.split('\n').filter(line => line.startsWith('oci:'))
    expect(headings.map(line => line.split('  ')[1])).toEqual([
      'linux/amd64',
      'linux/arm64/v8',
      'linux/arm/v7',
      'windows/amd64',
    ])
    expect(stdout).toContain('Known to be exploited: CVE-2026-0002.')
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('Beside: 1 attestation.')
    expect(code).toBe(0)
  })

  it.each([
    [['--platform', 'linux/arm64'], ['arm64 complete']],
    [['--platform', 'linux/arm64/v8'], ['arm64 complete']],
    [
      ['--platform', 'linux/amd64,linux/arm'],
      ['amd64 complete', 'arm complete'],
    ],
    [
      ['--platform', 'linux/arm/v7', '--platform', 'Linux/AMD64'],
      ['amd64 complete', 'arm complete'],
    ],
  ])('is scanned for those named: %j', async (args, expected) => {
    const { report, code } = await scanned('several', '--advisories', advisories, ...args)
    expect(platformsOf(report).filter(one => !one.startsWith('none'))).toEqual(expected)
    expect(code).toBe(0)
  })

  it('says what there is in place of a platform that is not, and scans the others', async () => {
    const args = ['scan', `oci:${layout}:several`, '--platform', 'linux/s390x,linux/arm/v6,linux/amd64']
    const { stdout, stderr, code } = await commands.run(args)
    const there = 'There is linux/amd64, linux/arm64/v8, linux/arm/v7, windows/amd64.'
    expect(stderr).toBe(
      [
        `plimsoll: There is no image for linux/s390x. ${there}`,
        `plimsoll: There is no image for linux/arm/v6. ${there}`,
        '',
      ].join('\n'),
    )
    expect(stdout).toContain('linux/amd64')
    expect(code).toBe(2)
  })

  it('names the one that is missing or damaged, and scans the others', async () => {
    const { stdout, stderr, code } = await commands.run(['scan', `oci:${layout}:broken`])
    expect(stdout).toContain('linux/amd64')
    expect(stderr).toMatch(
      /^plimsoll: linux\/s390x: The manifest sha256:\w+ is not in .* with --platform\.\n$/,
    )
    expect(code).toBe(2)
    const { report, code: limited } = await scanned('broken', '--platform', 'linux/amd64')
    expect(report).toMatchObject({ images: [{}], failures: [] })
    expect(limited).toBe(0)
  })
})

describe('a single image', () => {
  it('is scanned when its platform is named, and otherwise says which it is', async () => {
    expect((await scanned('bad', '--platform', 'linux/amd64')).code).toBe(0)
    const { report, code } = await scanned('bad', '--platform', 'linux/arm64')
    expect(report).toMatchObject({
      images: [],
      failures: [
        {
          code: 'image-not-found',
          digest: null,
          platform: { os: 'linux', architecture: 'arm64' },
          message: 'There is no image for linux/arm64.',
          hint: 'There is linux/amd64.',
        },
      ],
    })
    expect(code).toBe(2)
  })

  it('that does not say what it is for cannot be asked for by platform', async () => {
    const { stderr, code } = await commands.run(['scan', `rootfs:${folder}`, '--platform', 'linux/amd64'])
    expect(stderr).toBe('plimsoll: The image does not say which platform it is for. Leave --platform out.\n')
    expect(code).toBe(2)
  })

  it('is the same out of an archive of docker save or of a layout', async () => {
    const { report } = await scanned('bad', '--advisories', advisories)
    const [image] = report.images
    const archives = { 'docker-archive': 'team/app:1.0', 'oci-archive': '1.0' }
    for (const [kind, name] of Object.entries(archives)) {
      const reference = `${kind}:${folder}/${kind}.tar:${name}`
      await skopeoCopy(`oci:${layout}:bad`, reference)
      const args = ['scan', reference, '--advisories', advisories, '--format', 'json']
      const { stdout, code } = await commands.run(args)
      const [archived, ...more] = scanReportSchema.parse(JSON.parse(stdout)).images
      expect(more).toEqual([])
      // A Docker archive has no manifest, and its layers are not compressed.
      const stored = ({
        sizeBytes: _,
        layers: __,
        digest: ___,
        mediaType: ____,
        ...rest
      }: typeof image & object) => rest
      expect(archived && stored(archived)).toEqual({ ...(image && stored(image)), reference })
      expect(archived?.layers.map(layer => layer.diffId)).toEqual(image?.layers.map(layer => layer.diffId))
      expect(archived?.digest).toBe(kind === 'oci-archive' ? image?.digest : null)
      expect(code).toBe(0)
    }
  })
})

describe('--fail-on', () => {
  it.each([
    ['worst', 'critical', 1],
    ['bad', 'Critical', 0],
    ['bad', 'HIGH', 1],
    ['poor', 'low', 1],
    // Of unknown severity it may be anything: it counts when any finding does.
    ['odd', 'low', 0],
    ['odd', 'unknown', 1],
    // A version that could not be compared is no finding that is open.
    ['doubtful', 'unknown', 0],
    // Of several images each counts.
    ['several', 'critical', 1],
    // What could not be scanned goes first.
    ['broken', 'high', 2],
  ])('an image that is %s ends with %s in %d', async (tag, severity, expected) => {
    const { code, report } = await scanned(tag, '--advisories', advisories, '--fail-on', severity)
    expect(code).toBe(expected)
    if (tag === 'doubtful') expect(report.images[0]?.findings[0]?.state).toBe('undetermined')
    const known = severityOf[tag as keyof typeof severityOf]
    if (known !== undefined) expect(report.images[0]?.findings[0]?.severity).toBe(known)
  })

  it('does not count what was not asked for', async () => {
    const flags = ['--advisories', advisories, '--fail-on', 'critical']
    expect((await scanned('several', ...flags, '--platform', 'linux/amd64')).code).toBe(0)
  })
})
