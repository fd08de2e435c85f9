import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { openSource } from '@plimsoll/engine'

/**
 * The floor under a scan: inflates the layers of an OCI layout once and hashes their compressed bytes, streaming, with
 * nothing read out of them.
 */
const [layout = '', tag = ''] = process.argv.slice(2)
const { images } = await openSource(`oci:${layout}:${tag}`).resolve([], new AbortController().signal)
const { layers, sizeBytes } = images[0]!

const startedAt = performance.now()
for (const { digest } of layers) {
  const hash = createHash('sha256')
  const blob = createReadStream(join(layout, 'blobs', digest.replace(':', '/')), {
    highWaterMark: 256 * 1024,
  })
  blob.on('data', chunk => hash.update(chunk))
  const drain = new Writable({ write: (_chunk, _encoding, done) => done() })
  await pipeline(blob, createGunzip({ chunkSize: 256 * 1024 }), drain)
  if (`sha256:${hash.digest('hex')}` !== digest) throw new Error(`${digest} is damaged`)
}
console.log(JSON.stringify({ ms: performance.now() - startedAt, bytes: sizeBytes }))
