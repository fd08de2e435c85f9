import { gzipSync, zstdCompressSync } from 'node:zlib'
import type { Layer } from '@plimsoll/types'
import { type TarEntry, tarArchive } from '../../formats/tar-writer.ts'
import { defaultLimits, type Limits } from '../../layers/limits.ts'
import { sha256 } from '../../registry/blob.ts'
import type { ResolvedImage } from '../../registry/source.ts'
import type { ReadInventoryInput } from '../read-inventory.ts'

const tinyMain = new URL('./tiny-main.ts', import.meta.url)
export const rogueMain = new URL('./rogue-main.ts', import.meta.url)

export const file = (path: string, content: string): TarEntry => ({ path, content })
export const symlink = (path: string, linkPath: string): TarEntry => ({ path, kind: 'symlink', linkPath })

const compressions = { gzip: gzipSync, zstd: zstdCompressSync, none: (bytes: Uint8Array) => bytes }

export interface LayerBlob {
  readonly bytes: Uint8Array
  readonly diffId: string
}

/** A layer of these entries as it would be stored. */
export function layerOf(entries: readonly TarEntry[], compression: keyof typeof compressions = 'gzip'): LayerBlob {
  const archive = tarArchive(entries)
  return { bytes: compressions[compression](archive), diffId: `sha256:${sha256(archive)}` }
}

/** An image of these layers, resolved, with what `readInventory` needs to read it from memory. */
export function imageOf(
  blobs: readonly LayerBlob[],
  { limits = {}, main = tinyMain }: { limits?: Partial<Limits>; main?: URL } = {},
): ReadInventoryInput & { readonly opened: number[] } {
  const layers: Layer[] = blobs.map(({ bytes, diffId }) => ({
    digest: `sha256:${sha256(bytes)}`,
    diffId,
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    sizeBytes: bytes.length,
  }))
  const image: ResolvedImage = {
    digest: `sha256:${'1'.repeat(64)}`,
    mediaType: null,
    platform: null,
    layers,
    sizeBytes: layers.reduce((sum, layer) => sum + layer.sizeBytes, 0),
    createdAt: null,
  }
  const opened: number[] = []
  async function* openLayer(index: number): AsyncGenerator<Uint8Array> {
    opened.push(index)
    const { bytes } = blobs[index] as LayerBlob
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
  }
  const signal = new AbortController().signal
  return { image, openLayer, limits: { ...defaultLimits, ...limits }, signal, childMain: main, opened }
}

/** An image with one layer whose bytes are made while it is read. */
export function imageStreaming(
  chunks: () => AsyncIterable<Uint8Array>,
  options: { limits?: Partial<Limits>; main?: URL } = {},
): ReadInventoryInput {
  return { ...imageOf([layerOf([])], options), openLayer: chunks }
}
