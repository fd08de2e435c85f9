import pino from 'pino'
import { expect, test } from 'vitest'
import { newSecret } from '../access/secrets.ts'
import { openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { startImport } from '../imports/store.ts'
import { getImage } from '../posture/images.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { deleteImage, previewDeletion } from './delete-image.ts'
import { registerDemonstration } from './demonstration.ts'
import { ensureOccurrence, ensureRepository } from './places.ts'

test('a sample says that it is one, and can neither be deleted nor be imported to', async () => {
  const at = '2024-03-01T00:00:00.000Z'
  const db = openInMemory()
  registerDemonstration(db, at)
  const sample = { registryId: 'samples', repository: 'shop/web', digest: madeDigest(1) }
  ensureOccurrence(db, ensureRepository(db, 'samples', sample.repository), sample.digest, at)
  const asked: string[] = []
  const deps = {
    db,
    events: createEventBus(),
    log: pino({ enabled: false }),
    secrets: { session: newSecret(), webhook: newSecret(), credentials: newSecret() },
    viewer: { name: 'Ada' },
    wakeRunner: () => undefined,
    importer: { wake: () => undefined, cancel: () => undefined },
    client: (registryId: string) => {
      asked.push(registryId)
      throw new Error('a sample is in no registry')
    },
  }
  expect(getImage(db, sample)).toMatchObject({ registryKind: 'demonstration', deletedAt: null })
  const refusal = 'It is a sample of the demonstration, which is in no registry.'
  expect(previewDeletion(db, sample).refusal).toBe(refusal)
  await expect(deleteImage(sample, deps)).rejects.toMatchObject({ code: 'conflict', message: refusal })
  const image = { source: 'docker.io/library/debian:12', registryId: 'samples', sourcePlainHttp: false }
  expect(() => startImport(image, deps)).toThrow(expect.objectContaining({ name: 'Refusal' }))
  expect(asked).toEqual([])
})
