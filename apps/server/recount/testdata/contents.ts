import { createHash } from 'node:crypto'
import type { CoverageReason, Digest, Distro, InstalledPackage, Inventory, Layer, Platform } from '@plimsoll/types'
import fc from 'fast-check'

/** What the made-up registries hold. Few releases, packages and versions, so that images and advisories meet. */
export type Content = ImageContent | IndexContent | OtherContent

export interface ImageContent {
  readonly kind: 'image'
  readonly digest: Digest
  readonly platform: Platform
  readonly inventory: Inventory
  /** Bottom first; an image on a base begins with the base's. */
  readonly layers: readonly Layer[]
  readonly createdAt: string | null
}

export interface IndexContent {
  readonly kind: 'index'
  readonly digest: Digest
  readonly members: readonly ImageContent[]
  /** An attestation of the first member, which it names as well. */
  readonly attestation: OtherContent | null
}

/** What stands there and cannot be assessed, or not be read. */
export interface OtherContent {
  readonly kind: 'chart' | 'attestation' | 'broken'
  readonly digest: Digest
}

const release = (id: string, versionId: string, prettyName: string): Distro => ({ id, versionId, idLike: [], prettyName })

/** Each with its feed, and with what is installed there: source packages and what is built of them. */
const releases = [
  { distro: release('debian', '12', 'Debian GNU/Linux 12 (bookworm)'), feed: 'Debian:12', ecosystem: 'deb' },
  // Its free updates end while a fleet is played: see `startsAt`.
  { distro: release('debian', '11', 'Debian GNU/Linux 11 (bullseye)'), feed: 'Debian:11', ecosystem: 'deb' },
  { distro: release('alpine', '3.22.1', 'Alpine Linux v3.22'), feed: 'Alpine:v3.22', ecosystem: 'apk' },
  { distro: release('wolfi', '20230201', 'Wolfi'), feed: 'Wolfi', ecosystem: 'apk' },
  { distro: release('void', '1', 'Void'), feed: '', ecosystem: 'deb' },
] as const

/** Two days before the free updates of Debian 11 end. */
export const startsAt = Date.parse('2026-08-29T10:00:00.000Z')

export const sources = {
  deb: { openssl: ['libssl3', 'openssl'], zlib: ['zlib1g'], linux: ['linux-libc-dev'] },
  apk: { openssl: ['libcrypto3', 'openssl'], zlib: ['zlib'], linux: ['linux-lts-dev'] },
} as const
export const sourceNames = ['openssl', 'zlib', 'linux'] as const

/** The last is none. */
export const versions = { deb: ['1.0-1', '2.0-1', '3.0-1', 'odd version'], apk: ['1.0-r0', '2.0-r0', '3.0-r0', 'odd version'] } as const

const some = <T>(...values: readonly T[]) => fc.constantFrom(...values)

interface ImageSpec {
  readonly release: number
  readonly installed: readonly { readonly source: (typeof sourceNames)[number]; readonly version: number }[]
  /** One of the images before it; it is of the same release then. */
  readonly base: number | null
  readonly architecture: string
  readonly isWhole: boolean
  readonly createdAt: string | null
}
interface PoolSpec {
  readonly images: readonly ImageSpec[]
  readonly indexes: readonly { readonly members: readonly number[]; readonly attested: boolean }[]
}

const imageSpec: fc.Arbitrary<ImageSpec> = fc.record({
  release: some(0, 0, 0, 0, 0, 1, 2, 2, 3, 4),
  installed: fc.uniqueArray(
    fc.record({ source: some(...sourceNames, 'openssl' as const), version: some(0, 0, 0, 1, 1, 2, 3) }),
    { selector: one => one.source, minLength: 1, maxLength: 3 },
  ),
  base: some(null, null, 0, 0, 1, 2),
  architecture: some('amd64', 'amd64', 'arm64'),
  isWhole: some(true, true, true, true, true, true, false),
  createdAt: some(null, '2026-05-01T00:00:00.000Z', '2026-06-01T00:00:00.000Z'),
})

const poolSpec: fc.Arbitrary<PoolSpec> = fc.record({
  images: fc.array(imageSpec, { minLength: 3, maxLength: 6 }),
  indexes: fc.array(
    fc.record({ members: fc.uniqueArray(fc.nat(5), { minLength: 1, maxLength: 3 }), attested: fc.boolean() }),
    { minLength: 1, maxLength: 2 },
  ),
})

/** What there is to push: images, indexes of them, and one each of what is neither. */
export const pools: fc.Arbitrary<readonly Content[]> = poolSpec.map(poolOf)

function poolOf({ images: specs, indexes }: PoolSpec): Content[] {
  const images: ImageContent[] = []
  for (const [number, spec] of specs.entries()) {
    images.push(imageOf(number, spec, spec.base === null ? undefined : images[spec.base]))
  }
  const attestation = otherOf('attestation')
  const made = indexes.map(({ members, attested }, number): IndexContent => {
    const named = new Set(members.map(member => images[member % images.length]))
    return {
      kind: 'index',
      digest: digestOf('index', number, ...members),
      members: [...named].filter(member => member !== undefined),
      attestation: attested ? attestation : null,
    }
  })
  return [...images, ...made, otherOf('chart'), attestation, otherOf('broken')]
}

function imageOf(number: number, spec: ImageSpec, base: ImageContent | undefined): ImageContent {
  const digest = digestOf('image', number, JSON.stringify(spec), base?.digest ?? '')
  const layer = layerOf(digestOf('layer', digest))
  const { distro, ecosystem } = releaseOf(base, spec)
  const own = spec.installed.flatMap(({ source, version }): InstalledPackage[] =>
    sources[ecosystem][source].map(name => {
      const installed = versions[ecosystem][version] ?? ''
      return {
        ecosystem,
        name,
        version: installed,
        sourceName: source,
        sourceVersion: installed,
        arch: spec.architecture,
        module: null,
        vendor: '',
        path: ecosystem === 'deb' ? 'var/lib/dpkg/status' : 'lib/apk/db/installed',
        layer: layer.diffId,
      }
    }),
  )
  // What is installed anew takes the place of what the base has of it.
  const kept = base?.inventory.packages.filter(one => !own.some(({ sourceName }) => sourceName === one.sourceName)) ?? []
  const packages = [...kept, ...own]
  const reasons: CoverageReason[] = spec.isWhole ? [] : [{ code: 'limit-time', message: 'It took too long.' }]
  const coverage = {
    status: spec.isWhole ? ('complete' as const) : ('partial' as const),
    reasons,
    packages: { [ecosystem]: packages.length },
    databases: [],
    release: null,
    feeds: [],
  }
  return {
    kind: 'image',
    digest,
    platform: { os: 'linux', architecture: spec.architecture },
    inventory: { distro, packages, coverage },
    layers: [...(base?.layers ?? []), layer],
    createdAt: spec.createdAt,
  }
}

function releaseOf(base: ImageContent | undefined, spec: ImageSpec) {
  const of = releases.find(({ distro }) => distro === base?.inventory.distro) ?? releases[spec.release]
  if (of === undefined) throw new Error('there is no such release')
  return of
}

const otherOf = (kind: OtherContent['kind']): OtherContent => ({ kind, digest: digestOf(kind) })

const digestOf = (...of: readonly (string | number)[]): Digest =>
  `sha256:${createHash('sha256').update(of.join(' ')).digest('hex')}`

const layerOf = (diffId: Digest): Layer => ({
  digest: diffId,
  diffId,
  mediaType: 'application/vnd.oci.image.layer.v1.tar',
  sizeBytes: 100,
})

export function contentInWords(content: Content): string {
  const name = (digest: string): string => digest.slice('sha256:'.length, 'sha256:'.length + 6)
  const { kind, digest } = content
  if (kind === 'index') return `${name(digest)} index of ${content.members.map(member => name(member.digest)).join(' ')}`
  if (kind !== 'image') return `${name(digest)} ${kind}`
  const { distro, packages, coverage } = content.inventory
  const installed = packages.map(({ name: binary, version, layer }) => `${binary} ${version} (${name(layer ?? '')})`)
  const layers = content.layers.map(({ diffId }) => name(diffId))
  const facts = [distro?.prettyName, content.platform.architecture, coverage.status, `layers ${layers.join(' ')}`, content.createdAt]
  return `${name(digest)} ${facts.join(', ')}: ${installed.join(', ')}`
}
