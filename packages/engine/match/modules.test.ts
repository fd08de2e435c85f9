import { describe, expect, it } from 'vitest'
import type { Advisory, Affected } from '../advisories/advisory.ts'
import { advisoryIndex } from '../advisories/advisory-index.ts'
import { explain } from './explain.ts'
import { match } from './match.ts'
import { inFeed, installedRpm, inventoryOf, record, release, today } from './testdata/records.ts'

const alma8 = release('almalinux', '8.10', 'AlmaLinux 8.10 (Cerulean Leopard)')

/** A record of AlmaLinux 8 about these packages' fixed versions, in a module's stream (empty: not told which). */
function erratum(id: string, module: string | null, fixes: Record<string, string>): Advisory {
  const affected = Object.entries(fixes).map(([name, fixed]) =>
    inFeed('AlmaLinux:8', name, 'introduced 0', `fixed ${fixed}`),
  )
  const advisory = record(id, { upstream: ['CVE-2024-0001'], affected })
  return { ...advisory, affected: advisory.affected.map((one): Affected => ({ ...one, module })) }
}

function states(packages: Parameters<typeof inventoryOf>[0], ...records: Advisory[]) {
  const { findings } = match(inventoryOf(packages, alma8), advisoryIndex(records), { today })
  return findings.flatMap(one => one.packages.map(({ name, version }) => `${name} ${version} ${one.state}`))
}

const build = (version: string) => `${version}.module_el8.4.0+2521+c668cc9f`
const nodejs12 = erratum('ALSA-1', 'nodejs:12', { nodejs: build('1:12.22.5-1') })

describe('pitfall 23: an advisory about a module’s stream', () => {
  it('is about packages of that stream, and about no other', () => {
    const of = (module: string, version: string) => installedRpm('nodejs', build(version), { module })
    expect(states([of('nodejs:12', '1:12.18.0-1')], nodejs12)).toEqual([
      `nodejs ${build('1:12.18.0-1')} open`,
    ])
    expect(states([of('nodejs:12', '1:12.22.5-1')], nodejs12)).toEqual([])
    expect(states([of('nodejs:10', '1:10.24.0-1')], nodejs12)).toEqual([])
    expect(states([of('other:12', '1:10.24.0-1')], nodejs12)).toEqual([])
  })

  it('is not about packages outside modules, nor the other way round', () => {
    const plain = erratum('ALSA-2', null, { nodejs: '1:12.22.5-1.el8' })
    const outside = installedRpm('nodejs', '1:10.24.0-1.el8')
    const inside = installedRpm('nodejs', build('1:10.24.0-1'), { module: 'nodejs:10' })
    const unlabelled = installedRpm('nodejs', build('1:10.24.0-1'))
    expect(states([outside], nodejs12)).toEqual([])
    expect(states([inside, unlabelled], plain)).toEqual([])
    expect(states([outside], plain)).toEqual(['nodejs 1:10.24.0-1.el8 open'])
  })

  it('is undetermined for a build of a module that does not say which, unless its version is fixed', () => {
    const unlabelled = (version: string) => installedRpm('nodejs', build(version))
    expect(states([unlabelled('1:10.24.0-1')], nodejs12)).toEqual([
      `nodejs ${build('1:10.24.0-1')} undetermined`,
    ])
    expect(states([unlabelled('1:12.22.5-1')], nodejs12)).toEqual([])
    const { findings, coverage } = match(
      inventoryOf([unlabelled('1:10.24.0-1')], alma8),
      advisoryIndex([nodejs12]),
      { today },
    )
    expect(findings[0]?.undeterminedReason).toBe(
      'it is of a module, it is not known which, and the advisory is about the stream nodejs:12 only',
    )
    expect(coverage).toMatchObject({ status: 'partial', reasons: [{ code: 'version-not-comparable' }] })
  })

  it('that does not say which stream is undetermined, unless the version is fixed', () => {
    const unnamed = erratum('ALSA-3', '', { nodejs: build('1:12.22.5-1') })
    const of = (version: string) => installedRpm('nodejs', build(version), { module: 'nodejs:10' })
    expect(states([of('1:10.24.0-1')], unnamed)).toEqual([`nodejs ${build('1:10.24.0-1')} undetermined`])
    expect(states([of('1:14.0.0-1')], unnamed)).toEqual([])
    expect(states([installedRpm('nodejs', '1:10.24.0-1.el8')], unnamed)).toEqual([])
  })

  it('about several streams of one title is about each of them', () => {
    const one = record('ALSA-4', {
      summary: 'Important: virt:rhel and virt-devel:rhel security update',
      upstream: ['CVE-2024-0001'],
      affected: [inFeed('AlmaLinux:8', 'qemu-img', 'introduced 0', `fixed ${build('15:4.2.0-48')}`)],
    })
    const of = (module: string) => installedRpm('qemu-img', build('15:4.2.0-34'), { module })
    expect(states([of('virt:rhel')], one)).toHaveLength(1)
    expect(states([of('virt-devel:rhel')], one)).toHaveLength(1)
    expect(states([of('virt:av')], one)).toEqual([])
  })

  it('is told as such where a vulnerability is asked for', () => {
    const inventory = inventoryOf(
      [installedRpm('nodejs', build('1:10.24.0-1'), { module: 'nodejs:10' })],
      alma8,
    )
    const answer = explain({
      inventory,
      advisories: advisoryIndex([nodejs12]),
      asked: 'CVE-2024-0001',
      today,
    })
    expect(answer).toMatchObject({
      outcome: 'other-module',
      sentence: `CVE-2024-0001 is not reported. nodejs ${build('1:10.24.0-1')} is of nodejs:10, and the advisory is about nodejs:12.`,
    })
  })
})
