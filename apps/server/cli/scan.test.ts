import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scanReportSchema } from '@plimsoll/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { zipArchive } from '../../../packages/engine/formats/testdata/zip-writer.ts'
import {
  startDockerRegistry,
  testCredentials,
} from '../../../packages/engine/registry/testdata/docker-registry.ts'
import { skopeoCopy, writeTinyImage } from '../../../packages/engine/registry/testdata/tiny-image.ts'
import { type CommandLoop, plimsoll, startCommandLoop } from '../testdata/command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-cli-'))
let commands: CommandLoop
beforeAll(() => {
  commands = startCommandLoop()
})
afterAll(() => {
  commands.stop()
  rmSync(folder, { recursive: true })
})

/** A folder with files, as a root file system or a place with advisories. */
function made(name: string, files: Record<string, string | Buffer>): string {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, name, path)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, content)
  }
  return join(folder, name)
}

const osRelease = 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'
const status = 'Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.2-1\n'
const rootfs = `rootfs:${made('rootfs', { 'etc/os-release': osRelease, 'var/lib/dpkg/status': status })}`
const affected = {
  package: { ecosystem: 'Debian:12', name: 'bash' },
  ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '5.2-2' }] }],
}
const record = (id: string, more: object = {}) => ({
  name: `${id}.json`,
  content: JSON.stringify({
    id,
    upstream: [id.replace('DEBIAN-', '')],
    modified: '2024-05-01T00:00:00Z',
    affected: [affected],
    ...more,
  }),
})
const place = made('place', {
  'Debian/all.zip': zipArchive([
    record('DEBIAN-CVE-2024-0001', {
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' }],
    }),
    record('DEBIAN-CVE-2024-0002', {
      affected: [{ ...affected, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }] }],
    }),
    record('DEBIAN-CVE-2024-0003', {
      affected: [{ ...affected, ecosystem_specific: { urgency: 'unimportant' } }],
    }),
    { name: 'bad.json', content: '{}' },
  ]),
})

describe('plimsoll scan', () => {
  it('prints a table with findings, totals and coverage', async () => {
    const { stdout, stderr, code } = await plimsoll(['scan', rootfs, '--advisories', place])
    expect(stdout).toBe(
      [
        rootfs,
        'Debian GNU/Linux 12 (bookworm), 1 package',
        '',
        'SEVERITY  ID             PACKAGE  INSTALLED  FIXED IN',
        'High      CVE-2024-0001  bash     5.2-1      5.2-2',
        'Unknown   CVE-2024-0002  bash     5.2-1      -',
        '',
        '2 findings: 1 High, 1 Unknown; 1 with a fix. 1 more of no weight (unimportant, kernel headers), see --format json.',
        'Coverage: complete, 1 package read, matched against Debian 12 (3 advisories, the newest of 2024-05-01).',
        '',
      ].join('\n'),
    )
    expect(stderr).toBe(
      'plimsoll: 1 record of Debian could not be used, the first being bad.json: the record has no id\n',
    )
    expect(code).toBe(0)
  })

  it('prints JSON of the documented shape', async () => {
    const { stdout, code } = await commands.run(['scan', '--format', 'json', '--advisories', place, rootfs])
    const report = scanReportSchema.strict().parse(JSON.parse(stdout))
    expect(report).toMatchObject({ reference: rootfs, indexDigest: null, failures: [] })
    expect(report.images).toHaveLength(1)
    expect(report.images[0]?.findings.map(one => one.vulnerabilityId)).toEqual([
      'CVE-2024-0001',
      'CVE-2024-0003',
      'CVE-2024-0002',
    ])
    expect(code).toBe(0)
  })

  it('says why a result of zero is zero', async () => {
    const { stdout, code } = await commands.run(['scan', rootfs])
    expect(stdout).toContain(
      'No findings.\nCoverage: partial. What is missing:\n  The advisories at hand have none for Debian 12',
    )
    expect(stdout).toContain('Give --advisories DIR|URL')
    expect(code).toBe(0)
    const patched = made('patched', {
      'etc/os-release': osRelease,
      'var/lib/dpkg/status': status.replace('5.2-1', '5.2-3'),
    })
    const open = made('fixed-only', { 'Debian/all.zip': zipArchive([record('DEBIAN-CVE-2024-0001')]) })
    const clean = await commands.run(['scan', `rootfs:${patched}`, '--advisories', open])
    expect(clean.stdout).toContain(
      'No findings.\nCoverage: complete, 1 package read, matched against Debian 12 (1 advisory',
    )
  })

  it('lets nothing of an image speak to the terminal', async () => {
    const hostile = made('hostile', {
      'etc/os-release': 'ID=debian\nVERSION_ID=12\nPRETTY_NAME="Debian \u001b[2J\u009b31m\u202e"\n',
      'var/lib/dpkg/status': status.replace('5.2-1', '5.2-1\u202e\u2066'),
    })
    const { stdout, stderr } = await commands.run(['scan', `rootfs:${hostile}`, '--advisories', place])
    expect(stdout).toContain('undetermined')
    for (const character of stdout + stderr)
      expect(character === '\n' || !/[\p{Cc}\p{Cf}]/u.test(character)).toBe(true)
  })

  it('scans an image of a registry that asks for a password', async () => {
    const layout = join(folder, 'layout')
    await writeTinyImage(layout, 'v1', { '/etc/os-release': osRelease, '/var/lib/dpkg/status': status })
    const registry = await startDockerRegistry({ htpasswd: testCredentials.htpasswd })
    try {
      const { username, password } = testCredentials
      await skopeoCopy(
        `oci:${layout}:v1`,
        `docker://${registry.host}/team/app:v1`,
        '--dest-creds',
        `${username}:${password}`,
      )
      const reference = `${registry.host}/team/app:v1`
      const environment = { PLIMSOLL_REGISTRY_USERNAME: username, PLIMSOLL_REGISTRY_PASSWORD: password }
      const known = await plimsoll(
        ['scan', reference, '--advisories', place, '--format', 'json'],
        environment,
      )
      expect(known).toMatchObject({ code: 0, stderr: expect.not.stringContaining(password) })
      const [image] = scanReportSchema.parse(JSON.parse(known.stdout)).images
      expect(image).toMatchObject({ reference, platform: { os: 'linux', architecture: 'amd64' } })
      expect(image?.digest).toMatch(/^sha256:/)
      expect(image?.findings).toHaveLength(3)

      const stranger = await commands.run(['scan', reference])
      expect(stranger).toMatchObject({ code: 2, stdout: '' })
      expect(stranger.stderr).toContain('PLIMSOLL_REGISTRY_USERNAME')
      const half = await plimsoll(['scan', reference], { PLIMSOLL_REGISTRY_PASSWORD: password })
      expect(half).toMatchObject({ code: 2, stderr: expect.stringContaining('set both or none') })
      const missing = await plimsoll(
        ['scan', `${registry.host}/team/app:v2`, '--format', 'json'],
        environment,
      )
      expect(missing.code).toBe(2)
      expect(scanReportSchema.parse(JSON.parse(missing.stdout))).toMatchObject({
        images: [],
        failures: [{ code: 'image-not-found', digest: null }],
      })
    } finally {
      await registry.stop()
    }
  })

  it.each([
    [['bogus'], 'there is no command "bogus"; there is: scan'],
    [['toString'], 'there is no command "toString"; there is: scan'],
    [['scan'], 'name the image to scan'],
    [['scan', 'a', 'b'], 'one image at a time: "b" is too many'],
    [['scan', '--nonsense', 'a'], "Unknown option '--nonsense'"],
    [['scan', '--format', 'xml', 'oci:x'], '--format is table or json, not "xml"'],
    [['scan', '--platform', 'amd64', 'oci:x'], '--platform is like linux/amd64 or linux/arm/v7, not "amd64"'],
    [['scan', '--platform', 'linux/arm/v7/x', 'oci:x'], 'not "linux/arm/v7/x"'],
    [['scan', '--platform', 'linux/amd64,', 'oci:x'], 'not ""'],
    [
      ['scan', '--fail-on', 'severe', 'oci:x'],
      '--fail-on is critical, high, medium, low or unknown, not "severe"',
    ],
    [['scan', '--fail-on', 'high', 'oci:x'], '--fail-on needs --advisories: without them nothing is judged'],
    [['scan', '--advisories=', 'oci:x'], '--advisories needs a folder or an address'],
    [['scan', '--advisories', '/nowhere', 'oci:x'], 'There are no advisories at "/nowhere"'],
    [['scan', '--advisories', 'http://127.0.0.1:1', rootfs], 'could not be read'],
    [
      ['scan', '--advisories', made('wrong', { 'all.zip': '' }), '--fail-on', 'low', rootfs],
      'it holds no file like Debian/all.zip or Alpine/all.zip',
    ],
    [['scan', '/images/app.tar'], 'it is a path. Say what is there: for a folder oci:DIR'],
    [['scan', 'bash'], 'it names no registry'],
    [['scan', 'oci:/nowhere'], '/nowhere is not an OCI layout'],
    [['scan', 'rootfs:/nowhere'], '/nowhere'],
    [['scan', 'docker-archive:/nowhere'], 'There is no file /nowhere'],
    [['scan', 'oci-archive:/nowhere'], 'There is no file /nowhere'],
    [['scan', '127.0.0.1:1/team/app'], 'cannot be reached'],
  ])('%j ends with 2 and one clear line', async (args, line) => {
    const { stdout, stderr, code } = await commands.run(args)
    expect(stderr).toContain(line)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
  })

  it('takes what cannot be assessed for not scanned', async () => {
    const nothing = made('nothing', { 'etc/motd': 'nothing to see' })
    const { stdout, code } = await commands.run(['scan', `rootfs:${nothing}`])
    expect(stdout).toContain(
      'Not applicable: this cannot be assessed.\n  The image holds neither a package database',
    )
    expect(code).toBe(2)
  })

  it('explains itself', async () => {
    for (const args of [[], ['--help'], ['scan', '--help'], ['scan', '-h']]) {
      const { stdout, stderr, code } = await commands.run(args)
      expect(stdout).toContain('Usage: npm run -s plimsoll --')
      expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    }
  })
})

describe('docs/scan-json.md', () => {
  const document = readFileSync(join(import.meta.dirname, '../../../docs/scan-json.md'), 'utf8')

  it('names every field and every word that a report may hold', () => {
    const words = new Set<string>()
    collect(z.toJSONSchema(scanReportSchema), words)
    expect(words.size).toBeGreaterThan(100)
    expect([...words].filter(word => !document.includes(`\`${word}\``))).toEqual([])
  })
})

/** Names of properties and values of enumerations of a JSON schema, all the way down. */
function collect(schema: unknown, words: Set<string>): void {
  if (typeof schema !== 'object' || schema === null) return
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') for (const name of Object.keys(value)) words.add(name)
    if (key === 'enum') for (const word of value) words.add(word)
    collect(value, words)
  }
}
