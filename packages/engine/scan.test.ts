import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ImageReport, imageReportSchema, type ScanProgress } from '@plimsoll/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { advisoryIndex } from './advisories/advisory-index.ts'
import { parseOsvRecord } from './advisories/osv.ts'
import { writeTinyImage } from './registry/testdata/tiny-image.ts'
import { openSource, reportNotApplicable, type ScanInput, scan } from './scan.ts'

const never = new AbortController().signal
const stanza = (name: string, version: string): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n\n`
const today = '2024-06-01'
const advisories = advisoryIndex([
  parseOsvRecord({
    id: 'DEBIAN-CVE-2024-0001',
    upstream: ['CVE-2024-0001'],
    affected: [
      {
        package: { ecosystem: 'Debian:12', name: 'bash' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '5.2-2' }] }],
      },
    ],
  }).advisory,
])

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-scan-'))
  await writeTinyImage(join(folder, 'layout'), 'v1', {
    '/etc/os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    '/var/lib/dpkg/status': stanza('bash', '5.2-1') + stanza('zlib1g', '1:1.2.13'),
  })
  await writeTinyImage(join(folder, 'layout'), 'plain', { '/etc/motd': 'nothing to see' })
})
afterAll(() => rm(folder, { recursive: true }))

async function inputOf(tag: string, more: Partial<ScanInput> = {}): Promise<ScanInput> {
  const source = openSource(`oci:${join(folder, 'layout')}:${tag}`)
  const { images } = await source.resolve([{ os: 'linux', architecture: 'amd64' }], never)
  const [image] = images
  if (image === undefined) throw new Error('the layout has no image')
  return { source, image, advisories, today, signal: never, ...more }
}

async function run(input: ScanInput): Promise<{ steps: ScanProgress[]; report: ImageReport }> {
  const steps: ScanProgress[] = []
  const scanning = scan(input)
  let step = await scanning.next()
  for (; !step.done; step = await scanning.next()) steps.push(step.value)
  return { steps, report: step.value }
}

describe('a scan', () => {
  it('goes from the layers to the findings', async () => {
    const input = await inputOf('v1')
    const { steps, report } = await run(input)
    expect(imageReportSchema.parse(report)).toEqual(report)
    expect(report).toMatchObject({
      reference: input.source.reference,
      digest: input.image.digest,
      platform: { os: 'linux', architecture: 'amd64' },
      distro: { id: 'debian', versionId: '12' },
      coverage: {
        status: 'complete',
        reasons: [],
        packages: { deb: 2 },
        feeds: [{ feed: 'Debian:12', advisories: 1 }],
      },
    })
    expect(report.packages.map(one => `${one.name} ${one.version}`)).toEqual([
      'bash 5.2-1',
      'zlib1g 1:1.2.13',
    ])
    expect(report.packages.map(one => one.layer)).toEqual([
      report.layers[1]?.diffId,
      report.layers[1]?.diffId,
    ])
    expect(
      report.findings.map(one => `${one.vulnerabilityId} ${one.sourceName} ${one.fixedVersion}`),
    ).toEqual(['CVE-2024-0001 bash 5.2-2'])

    const stages = steps.map(({ stage }) => stage)
    expect([...new Set(stages)]).toEqual(['pulling', 'inventory', 'matching'])
    expect(steps[0]).toMatchObject({ layersDone: 0, layersTotal: 2, bytesDone: 0, packages: null })
    expect(steps.at(-1)).toMatchObject({ layersDone: 2, bytesDone: input.image.sizeBytes, packages: 2 })
  })

  it('tells what is known of attacks on a finding, and nothing where nobody was asked', async () => {
    const kev = { addedOn: '2024-03-01', dueOn: null, ransomware: false, requiredAction: null }
    const epss = { probability: 0.5, percentile: 0.9, asOf: '2024-05-31' }
    const threats = (cve: string) => (cve === 'CVE-2024-0001' ? { kev, epss } : { kev: null, epss: null })
    const known = await run(await inputOf('v1', { threats }))
    expect(imageReportSchema.parse(known.report)).toEqual(known.report)
    expect(known.report.findings).toMatchObject([{ vulnerabilityId: 'CVE-2024-0001', kev, epss }])
    const { report } = await run(await inputOf('v1'))
    expect(report.findings).toMatchObject([{ kev: null, epss: null }])
  })

  it('pitfall 13: of a release past its end of life says so, by the day of the scan', async () => {
    const { report } = await run(await inputOf('v1', { today: '2099-01-01' }))
    expect(report.coverage).toMatchObject({ status: 'partial', reasons: [{ code: 'end-of-life' }] })
    expect(report.findings).toHaveLength(1)
  })

  it('asks for advisories once it knows what the image is', async () => {
    const asked: (string | undefined)[] = []
    const input = await inputOf('v1', {
      advisories: async inventory => {
        asked.push(inventory.distro?.id)
        return advisories
      },
    })
    const { report } = await run(input)
    expect(asked).toEqual(['debian'])
    expect(report.findings).toHaveLength(1)
  })

  it('of an image in which there is nothing to read says so', async () => {
    const { report } = await run(await inputOf('plain'))
    expect(report).toMatchObject({
      coverage: { status: 'not-applicable', reasons: [{ code: 'nothing-to-read' }] },
    })
    expect(report.findings).toEqual([])
  })

  it('of a root file system gives the same', async () => {
    const image = join(import.meta.dirname, 'ecosystems/testdata/deb/image')
    const source = openSource(`rootfs:${image}`)
    const { images } = await source.resolve([], never)
    const [first] = images
    if (first === undefined) throw new Error('the folder is no image')
    const { report } = await run({ source, image: first, advisories, today, signal: never })
    const expected = join(import.meta.dirname, 'ecosystems/testdata/deb/expected.json')
    expect(report.packages).toHaveLength(JSON.parse(await readFile(expected, 'utf8')).length)
    expect(report).toMatchObject({
      digest: null,
      coverage: { status: 'partial', reasons: [{ code: 'unsupported-distribution' }] },
    })
  })

  it.each([
    ['UTF-8', Buffer.from('st\u00e4tus')],
    ['latin1', Buffer.from('st\u00e4tus', 'latin1')],
  ])('of a root file system follows a link to a file whose name is %s', async (encoding, name) => {
    const root = Buffer.from(join(folder, `linked-${encoding}`))
    const inside = (path: string | Buffer): Buffer =>
      Buffer.concat([root, Buffer.from('/'), Buffer.from(path)])
    for (const directory of ['etc', 'var/lib/dpkg']) await mkdir(inside(directory), { recursive: true })
    await writeFile(inside('etc/os-release'), 'ID=debian\nVERSION_ID=12\n')
    await writeFile(inside(name), stanza('bash', '5.2-1'))
    await symlink(Buffer.concat([Buffer.from('../../../'), name]), inside('var/lib/dpkg/status'))
    const source = openSource(`rootfs:${root}`)
    const [image] = (await source.resolve([], never)).images
    if (image === undefined) throw new Error('the folder is no image')
    const { report } = await run({ source, image, advisories, today, signal: never })
    expect(report).toMatchObject({ packages: [{ name: 'bash' }], coverage: { status: 'complete' } })
  })

  it('is cancelled by its signal, and by a consumer that stops', async () => {
    const cancelled = new AbortController()
    const scanning = scan(await inputOf('v1', { signal: cancelled.signal }))
    await scanning.next()
    cancelled.abort()
    await expect(Array.fromAsync(scanning)).rejects.toMatchObject({ name: 'SourceError', code: 'cancelled' })

    for await (const { stage } of scan(await inputOf('v1'))) {
      expect(stage).toBe('pulling')
      break
    }
  })

  it('is not made of what is no image', async () => {
    const { source } = await inputOf('v1')
    const reason = { code: 'windows-image' as const, message: 'This is a Windows image.' }
    const report = reportNotApplicable(source, { digest: null, mediaType: null, platform: null, reason })
    expect(imageReportSchema.parse(report)).toEqual(report)
    expect(report.coverage).toMatchObject({ status: 'not-applicable', reasons: [reason] })
  })
})
