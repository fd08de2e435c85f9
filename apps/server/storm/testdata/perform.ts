import { pushBlob } from '../../testdata/push-image.ts'
import type { Operation, PoolImage } from './operations.ts'

/** Does operations with a real registry, straight over its API. */
export function performer(url: string, pool: readonly PoolImage[]): (operation: Operation) => Promise<void> {
  const pushed = new Set<string>()

  const put = async (repository: string, tag: string, { image }: PoolImage): Promise<void> => {
    for (const blob of image.blobs) {
      const key = `${repository} ${blob.digest}`
      if (pushed.has(key)) continue
      await pushBlob(url, repository, blob)
      pushed.add(key)
    }
    const { mediaType, bytes } = image.manifest
    await send(`${url}/v2/${repository}/manifests/${tag}`, {
      method: 'PUT',
      headers: { 'content-type': mediaType },
      body: Buffer.from(bytes),
    })
  }
  return async operation => {
    const image = pool[operation.image]
    if (image === undefined) throw new Error('the pool has no such image')
    const manifest = `${url}/v2/${operation.repository}/manifests/${image.digest}`
    const { mediaType } = image.image.manifest
    if (operation.do === 'pull') {
      await send(manifest, { headers: { accept: mediaType, 'user-agent': 'skopeo/1.18.0' } })
    }
    if (operation.do === 'delete' || operation.do === 'repush') await send(manifest, { method: 'DELETE' })
    if (operation.do === 'push' || operation.do === 'retag' || operation.do === 'repush') {
      await put(operation.repository, operation.tag, image)
    }
  }
}

async function send(url: string, request: RequestInit): Promise<void> {
  const response = await fetch(url, request)
  const answer = await response.text()
  if (!response.ok) throw new Error(`${request.method ?? 'GET'} ${url}: ${response.status} ${answer}`)
}
