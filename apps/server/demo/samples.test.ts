import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import {
  advisoryIndex,
  ociLayoutSource,
  parseCveFacts,
  parseOsvRecord,
  SourceError,
  scan,
} from '@plimsoll/engine'
import type { ImageReport } from '@plimsoll/types'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sample, sampleLayout, writeSamples } from './samples.ts'
import { snapshotCveFacts, snapshotRecords } from './snapshot.ts'

let folder: string
let samples: Sample[]
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'plimsoll-samples-'))
  samples = await writeSamples(folder)
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

/** Digests say all there is to say of the bytes: a sample that changes by one changes here. */
test('the samples have the same bytes on every machine and day', () => {
  expect(samples.map(({ repository, tags, digest }) => `${repository}:${tags.join(',')} ${digest}`)).toEqual([
    'base/alpine:3.10,3.10.4 sha256:5c228d5614a7ca70683c8485f4856492c669241d3bb258cd0fa51a157aca8867',
    'mirror/alpine:3.10.4 sha256:5c228d5614a7ca70683c8485f4856492c669241d3bb258cd0fa51a157aca8867',
    'base/alpine:3.21,3.21.8,latest sha256:c59cd67e4fdb3ed26aa4858a452464090cbdea97d59a6140552e3d1db4b83f66',
    'team/api:3.2.0,latest sha256:e9915456cf78d38f8e108a00563ee19c9079694a90534696acb3fffcbcb8cbf8',
    'legacy/billing:2018.11 sha256:941a353078ca692263c892046b9ad6ca6f8edcfcb903b3e4c5c422cc47a631ab',
    'base/debian:12.1 sha256:4b53d0b608b7b51c97ca7500ec6ec3bd29ca4e842e70a69d1614f768ed70e263',
    'base/debian:12,12.15,latest sha256:2b51e66c7cb584592906a28efee20731e6b18cd767744478da04cd6b7e47f555',
    'data/etl:2.0 sha256:7c440dc64585baaae22993ad4e5a539bea11192a2ee89c7ccec5de69e5a99d82',
    'windows/frontend:ltsc2022 sha256:ba2c4a3c484834d76ef0a381fdeb0bb029b2243bf3b3c43cb303f0f49bcdcf7d',
    'tools/healthcheck:1.0 sha256:369f4c4ffb2a9984dbd85ca71f654da30880bca70e1870bcf84ba9d587debf22',
    'labs/interrupted-upload:1 sha256:3c293728a6ea0f4a8a9c763988a636fbe4ccf8eddee4950763b6e0c08e34fdd5',
    'base/static:12,latest sha256:affc7eb80433da2ef0d1b05e253528903b180273a48740cd3b73f4f30c9594e8',
    'shop/storefront:1.8.0 sha256:521f2362dfbf68b730d193460d34db20cdfef52ddbf95370cfd28bf6433b371c',
    'shop/storefront:1.8.1,latest sha256:671704b3917029c21f2f87bc2214332e3a054feab3155d8206fe75341b9bcd94',
    'team/worker:0.4.0,latest sha256:8edf430781c60a71954354a2141f2d1efcef25da0905f9e49188ef32aaf2b1e6',
  ])
})

test('writing the samples again changes no file', async () => {
  const before = await contents(folder)
  expect(await writeSamples(folder)).toEqual(samples)
  expect(await contents(folder)).toEqual(before)
})

test('no repository lies inside another one', () => {
  const names = new Set(samples.map(sample => sample.repository))
  for (const name of names) for (const other of names) expect(other.startsWith(`${name}/`)).toBe(false)
})

test('the samples show every state and every severity', async () => {
  const looks: Record<string, string> = {}
  for (const sample of samples) looks[`${sample.repository}:${sample.tags[0]}`] = await lookOf(sample)
  expect(looks).toEqual({
    'base/alpine:3.10': 'partial: end-of-life | 2 High | 2 Medium | 2 Unknown',
    'mirror/alpine:3.10.4': 'partial: end-of-life | 2 High | 2 Medium | 2 Unknown',
    'base/alpine:3.21': 'partial: end-of-life',
    'base/debian:12': 'complete | 3 Unknown',
    'base/debian:12.1': 'complete | 10 High | 1 Low | 9 Medium | 19 Unknown',
    'base/static:12': 'complete',
    'team/api:3.2.0': [
      'complete',
      '1 High kernel-headers',
      '3 High kernel-headers without a fix',
      '7 Low',
      '1 Low kernel-headers',
      '14 Low kernel-headers without a fix',
      '5 Low without a fix',
      '11 Medium',
      '5 Medium kernel-headers',
      '48 Medium kernel-headers without a fix',
      '14 Medium without a fix',
    ].join(' | '),
    'legacy/billing:2018.11': [
      'partial: end-of-life',
      '1 High',
      '21 Low',
      '7 Low without a fix',
      '29 Medium',
      '5 Medium without a fix',
    ].join(' | '),
    'data/etl:2.0': 'partial: no-advisories-for-release',
    'windows/frontend:ltsc2022': 'not-applicable: windows-image',
    'tools/healthcheck:1.0': 'not-applicable: nothing-to-read',
    'labs/interrupted-upload:1': 'failed: size-mismatch',
    'shop/storefront:1.8.0': 'complete | 3 Critical | 28 High | 4 Low | 24 Medium | 49 Unknown',
    'shop/storefront:1.8.1': 'complete | 1 High | 6 Unknown',
    'team/worker:0.4.0': 'partial: end-of-life: version-not-comparable | 3 High undetermined',
  })
})

const advisories = advisoryIndex(
  Array.from(snapshotRecords(), record => parseOsvRecord(record).advisory),
  [...snapshotCveFacts()].flatMap(each => parseCveFacts(each) ?? []),
)

/** What a person would see of an image: its coverage with the reasons, and its findings counted. */
async function lookOf({ repository, digest }: Sample): Promise<string> {
  const signal = new AbortController().signal
  const source = ociLayoutSource({ directory: sampleLayout(folder, repository), digest })
  const { images, notApplicable } = await source.resolve([], signal)
  const [image] = images
  if (!image) return `not-applicable: ${notApplicable.map(each => each.reason.code).join()}`
  try {
    const progress = scan({ source, image, advisories, today: '2026-11-20', signal })
    let step = await progress.next()
    while (!step.done) step = await progress.next()
    const { coverage, findings } = step.value
    const status = [coverage.status, ...coverage.reasons.map(reason => reason.code)].join(': ')
    return [status, ...countsOf(findings)].join(' | ')
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    return `failed: ${error.code}`
  }
}

/** "3 Critical", "49 Unknown"; what is not a plain open finding with a fix says so. */
function countsOf(findings: ImageReport['findings']): string[] {
  const looks = findings.map(finding =>
    [
      finding.severity,
      ...(finding.class === 'security' ? [] : [finding.class]),
      ...(finding.state === 'open' ? [] : [finding.state]),
      ...(finding.patchable ? [] : ['without a fix']),
    ].join(' '),
  )
  return [...Map.groupBy(looks.toSorted(), look => look)].map(([look, group]) => `${group.length} ${look}`)
}

async function contents(directory: string): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name)
    if (entry.isFile()) files.set(file, (await readFile(file)).toString('base64'))
  }
  return files
}
