import { createHash } from 'node:crypto'
import { type TarEntry, tarArchive } from '@plimsoll/engine'
import type { Digest } from '@plimsoll/types'
import { apkInstalled, dpkgStatus, parsePackageList, type SamplePackage } from './package-list.ts'
import { type LayerSpecification, readPackageList, type Specification } from './specification.ts'
import { storedGzip } from './stored-gzip.ts'

/** Content under its digest. `bytes` is what is stored, which for a damaged sample is not the whole of it. */
export interface Blob {
  readonly digest: Digest
  readonly bytes: Uint8Array
}

/** An image as an OCI layout keeps it: `manifest` and the blobs it leads to, itself included. */
export interface BuiltImage {
  readonly manifest: { readonly mediaType: string; readonly digest: Digest; readonly size: number }
  readonly blobs: readonly Blob[]
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json'
const configType = 'application/vnd.oci.image.config.v1+json'
const layerType = {
  gzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  none: 'application/vnd.oci.image.layer.v1.tar',
} as const

/** Builds the image a specification describes (OCI image specification 1.1). The same facts give the same bytes. */
export function buildImage(specification: Specification): BuiltImage {
  const built = [...buildLayers(specification)]
  const config = json({
    created: specification.createdAt,
    architecture: specification.platform.architecture,
    os: specification.platform.os,
    ...(specification.platform.osVersion && { 'os.version': specification.platform.osVersion }),
    config: {},
    rootfs: { type: 'layers', diff_ids: built.map(layer => layer.diffId) },
    history: specification.layers.map(layer => ({
      created: specification.createdAt,
      created_by: layer.createdBy,
      ...(layer.empty && { empty_layer: true }),
    })),
  })
  const manifest = json({
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: configType, digest: config.digest, size: config.bytes.length },
    layers: built.map(layer => layer.descriptor),
  })
  return {
    manifest: { mediaType: manifestType, digest: manifest.digest, size: manifest.bytes.length },
    blobs: [...built.map(layer => layer.blob), config, manifest],
  }
}

interface BuiltLayer {
  readonly diffId: Digest
  readonly descriptor: { mediaType: string; digest: Digest; size: number }
  readonly blob: Blob
}

function* buildLayers(specification: Specification): Generator<BuiltLayer> {
  const installed = new Map<string, SamplePackage>()
  for (const layer of specification.layers) {
    if (layer.empty) continue
    const content = tarArchive(entriesOf(layer, databaseAfter(installed, layer, specification)))
    const bytes = layer.compression === 'gzip' ? storedGzip(content) : content
    const digest = digestOf(bytes)
    yield {
      diffId: digestOf(content),
      descriptor: { mediaType: layerType[layer.compression], digest, size: bytes.length },
      blob: { digest, bytes: bytes.subarray(0, layer.storedBytes) },
    }
  }
}

/** Brings `installed` to what it is after `layer`; the database file that says so, where the layer writes one. */
function databaseAfter(
  installed: Map<string, SamplePackage>,
  layer: LayerSpecification,
  { packageDatabase, platform }: Specification,
): Record<string, string> {
  if (packageDatabase === 'none' || !(layer.install || layer.remove)) return {}
  const arch = packageDatabase === 'apk' ? 'x86_64' : platform.architecture
  for (const list of layer.install ?? [])
    for (const each of parsePackageList(readPackageList(list), arch)) installed.set(each.name, each)
  for (const name of layer.remove ?? [])
    if (!installed.delete(name)) throw new Error(`"${name}" is not installed and cannot be removed`)
  const packages = [...installed.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return packageDatabase === 'dpkg'
    ? { 'var/lib/dpkg/status': dpkgStatus(packages) }
    : { 'lib/apk/db/installed': apkInstalled(packages) }
}

/** A layer's members with the folders they stand in, sorted by path. */
function entriesOf(layer: LayerSpecification, database: Record<string, string>): TarEntry[] {
  const entries = new Map<string, TarEntry>()
  const add = (path: string, entry: Omit<TarEntry, 'path'>) => entries.set(path, { path, ...entry })
  for (const [path, content] of Object.entries({ ...layer.files, ...database })) add(path, { content })
  for (const [path, base64] of Object.entries(layer.programs ?? {}))
    add(path, { content: Buffer.from(base64, 'base64'), mode: 0o755 })
  if (layer.osRelease) {
    add('usr/lib/os-release', { content: `${layer.osRelease.join('\n')}\n` })
    add('etc/os-release', { kind: 'symlink', linkPath: '../usr/lib/os-release', mode: 0o777 })
  }
  // A whiteout is an empty file beside the path it deletes (OCI layer specification, "Whiteouts").
  for (const path of layer.deleted ?? []) add(path.replace(/[^/]+$/, '.wh.$&'), {})
  for (const path of entries.keys())
    for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1))
      entries.set(path.slice(0, slash), { path: path.slice(0, slash + 1), kind: 'directory' })
  return [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
}

function json(value: unknown): Blob {
  const bytes = Buffer.from(JSON.stringify(value))
  return { digest: digestOf(bytes), bytes }
}

const digestOf = (bytes: Uint8Array): Digest => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
