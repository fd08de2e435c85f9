import type { Blob, MadeImage } from '../../../packages/engine/registry/testdata/made-image.ts'

/**
 * Pushes an image to a real registry by its API, as no tool would: tools refuse what is broken on purpose, and a
 * registry takes whatever has the digest that it says.
 */
export async function pushImage(url: string, repository: string, reference: string, image: MadeImage): Promise<void> {
  for (const blob of image.blobs) await pushBlob(url, repository, blob)
  const response = await fetch(`${url}/v2/${repository}/manifests/${reference}`, {
    method: 'PUT',
    headers: { 'content-type': image.manifest.mediaType },
    body: Buffer.from(image.manifest.bytes),
  })
  if (!response.ok) throw new Error(`the registry took no manifest: ${response.status} ${await response.text()}`)
}

/** Pushes one blob; with no manifest to follow it is what a push leaves that broke off. */
export async function pushBlob(url: string, repository: string, { bytes, digest }: Blob): Promise<void> {
  const begun = await fetch(`${url}/v2/${repository}/blobs/uploads/`, { method: 'POST' })
  const place = new URL(begun.headers.get('location') ?? '', url)
  place.searchParams.set('digest', digest)
  const response = await fetch(place, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream' },
    body: Buffer.from(bytes),
  })
  if (!response.ok) throw new Error(`the registry took no blob: ${response.status} ${await response.text()}`)
}

/** Deletes a manifest by its digest. */
export async function deleteManifest(url: string, repository: string, digest: string): Promise<void> {
  const response = await fetch(`${url}/v2/${repository}/manifests/${digest}`, { method: 'DELETE' })
  if (!response.ok) throw new Error(`the registry deleted no manifest: ${response.status}`)
}
