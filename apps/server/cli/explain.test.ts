import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { explainAnswerSchema } from '@plimsoll/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { zipArchive } from '../../../packages/engine/formats/testdata/zip-writer.ts'
import { madeImage, madeIndex } from '../../../packages/engine/registry/testdata/made-image.ts'
import { tagged, writeLayout } from '../../../packages/engine/registry/testdata/written-layout.ts'
import { type CommandLoop, plimsoll, startCommandLoop } from '../testdata/command-line.ts'
import { packagedImage } from '../testdata/packaged-image.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-explain-'))
let commands: CommandLoop
beforeAll(() => {
  commands = startCommandLoop()
})
afterAll(() => {
  commands.stop()
  rmSync(folder, { recursive: true })
})

function made(name: string, files: Record<string, string | Buffer>): string {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, name, path)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, content)
  }
  return join(folder, name)
}

const rootfs = `rootfs:${made('rootfs', {
  'etc/os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
  'var/lib/dpkg/status': 'Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.2-1\n',
})}`

const record = (id: string, ecosystem: string, name: string, fixed: string, more: object = {}) => ({
  name: `${id}.json`,
  content: JSON.stringify({
    id,
    upstream: [id.replace(/^(DEBIAN|UBUNTU|ALPINE)-/, '')],
    modified: '2026-05-01T00:00:00Z',
    affected: [
      {
        package: { ecosystem, name },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
      },
    ],
    ...more,
  }),
})
const place = made('place', {
  'Debian/all.zip': zipArchive([
    record('DEBIAN-CVE-2024-0001', 'Debian:12', 'bash', '5.2-2'),
    record('DEBIAN-CVE-2024-0002', 'Debian:12', 'bash', '5.1-1'),
    record('DEBIAN-CVE-2024-0003', 'Debian:12', 'zsh', '5.9-5'),
    record('DEBIAN-CVE-2024-0004', 'Debian:11', 'bash', '5.2-2'),
    record('DEBIAN-CVE-2024-0005', 'Debian:12', 'bash', '5.2-2', { withdrawn: '2026-06-01T00:00:00Z' }),
    record('DSA-1-1', 'Debian:12', 'bash', '5.2-2', { upstream: ['CVE-2024-0001'] }),
  ]),
  'Alpine/all.zip': zipArchive([record('ALPINE-CVE-2024-0006', 'Alpine:v3.20', 'bash', '5.2-r2')]),
})

describe('plimsoll explain', () => {
  it('tells the comparison, the file and the other names of what is reported', async () => {
    const { stdout, stderr, code } = await plimsoll([
      'explain',
      rootfs,
      'CVE-2024-0001',
      '--advisories',
      place,
    ])
    expect(stdout).toContain('CVE-2024-0001 is reported. bash 5.2-1 is below 5.2-2, so it is affected.')
    expect(stdout).toContain('Also known as DEBIAN-CVE-2024-0001, DSA-1-1.')
    expect(stdout).toContain('affected from 0, below 5.2-2; installed 5.2-1, in the order of deb')
    expect(stdout).toContain('found in var/lib/dpkg/status')
    expect([stderr, code]).toEqual(['', 0])
  })

  it.each([
    ['DSA-1-1', 'folded'],
    ['CVE-2024-0002', 'outside-range'],
    ['CVE-2024-0003', 'not-installed'],
    ['CVE-2024-0004', 'other-release'],
    ['CVE-2024-0005', 'withdrawn'],
    // Of another distribution, whose advisories are read because nobody else knows the id.
    ['CVE-2024-0006', 'other-release'],
    ['CVE-2024-9999', 'unknown'],
  ])('says of %s that it is %s', async (asked, outcome) => {
    const args = ['explain', '--format', 'json', '--advisories', place, rootfs, asked]
    const { stdout, code } = await commands.run(args)
    const answers = z.array(explainAnswerSchema).parse(JSON.parse(stdout))
    expect(answers).toMatchObject([{ asked, outcome }])
    expect(code).toBe(0)
  })

  it.each([
    [['oci:x', 'CVE-2024-0001'], 'it needs --advisories'],
    [['oci:x', '--advisories', '.'], 'name the image and then the vulnerability'],
    [['oci:x', 'CVE-1', 'CVE-2', '--advisories', '.'], 'one vulnerability at a time'],
    [['oci:x', 'CVE-2024-1\u001b[2J', '--advisories', '.'], 'is no id of a vulnerability'],
    [['oci:x', 'CVE-2024-1', '--advisories', '.', '--format', 'yaml'], '--format is text or json'],
    [['oci:x', 'CVE-2024-1', '--advisories', '.', '--platform', 'arm'], '--platform is like linux/amd64'],
  ])('refuses %j', async (args, why) => {
    const { stdout, stderr, code } = await commands.run(['explain', ...args])
    expect(stderr).toContain(why)
    expect([stdout, code]).toEqual(['', 2])
  })

  it('answers for each platform from what that one holds, whatever the others are', async () => {
    const empty = madeImage()
    const full = packagedImage([{ bash: '5.2-1' }], '', { architecture: 'arm64' })
    const platform = (architecture: string) => ({ platform: { os: 'linux', architecture } })
    const index = madeIndex([
      { of: empty.manifest, with: platform('amd64') },
      { of: full.manifest, with: platform('arm64') },
    ])
    const layout = join(folder, 'layout')
    const blobs = [empty.manifest, ...empty.blobs, full.manifest, ...full.blobs]
    await writeLayout(layout, [{ of: index, with: tagged('both') }], blobs)
    const args = ['explain', '--format', 'json', '--advisories', place, `oci:${layout}:both`]
    const { stdout, code } = await commands.run([...args, 'CVE-2024-0001'])
    expect(JSON.parse(stdout)).toMatchObject([
      {
        platform: { architecture: 'arm64' },
        outcome: 'reported',
        steps: [{ packageName: 'bash' }, { packageName: 'bash' }],
      },
    ])
    expect(code).toBe(0)
  })

  it('knows an id in any letters, of another distribution as well', async () => {
    const args = ['explain', '--format', 'json', '--advisories', place, rootfs, 'cve-2024-0006']
    expect(JSON.parse((await commands.run(args)).stdout)).toMatchObject([{ outcome: 'other-release' }])
  })

  it('has no answer for an image that is not there', async () => {
    const args = ['explain', `rootfs:${folder}/gone`, 'CVE-2024-0001', '--advisories', place]
    const { stderr, code } = await commands.run(args)
    expect(stderr).toContain('gone')
    expect(code).toBe(2)
  })
})
