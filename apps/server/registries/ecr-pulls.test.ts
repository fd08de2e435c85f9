import { expect, test } from 'vitest'
import { madeDigest } from '../testdata/fleet.ts'
import { ecrLastPulls } from './ecr-pulls.ts'
import { startEcrDouble } from './testdata/ecr-double.ts'

const access = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'the/secret+of=it' }
const signal = AbortSignal.timeout(20_000)

test('the pulls of a repository are read page by page; what was never pulled is left out', async () => {
  const at = Date.UTC(2026, 10, 1)
  const double = await startEcrDouble({
    ...access,
    password: 'x',
    images: [
      [{ imageDigest: madeDigest(1), lastRecordedPullTime: at / 1000 }, { imageDigest: madeDigest(2) }],
      [{ imageDigest: madeDigest(3), lastRecordedPullTime: at / 1000 + 60 }],
    ],
  })
  const pulls = ecrLastPulls({ ...access, region: 'eu-central-1', endpoint: double.url })
  expect(await Array.fromAsync(pulls.of('team/api', signal))).toEqual([
    { digest: madeDigest(1), pulledAt: '2026-11-01T00:00:00.000Z', granularityMs: 86_400_000 },
    { digest: madeDigest(3), pulledAt: '2026-11-01T00:01:00.000Z', granularityMs: 86_400_000 },
  ])
  await double.stop()
  await expect(Array.fromAsync(pulls.of('team/api', signal))).rejects.toMatchObject({
    code: 'registry-unreachable',
    message: expect.stringContaining('told nothing of pulls'),
  })
})
