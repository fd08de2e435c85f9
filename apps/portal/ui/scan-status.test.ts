import type { ScanSummary } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { scanSentence, scanShare } from './scan-status.tsx'

const scan = (progress: Partial<ScanSummary['progress']>): ScanSummary => ({
  id: 's1',
  registryId: 'r1',
  registryName: 'samples',
  repository: 'team/api',
  tags: [],
  digest: `sha256:${'0'.repeat(64)}`,
  trigger: 'push',
  state: 'running',
  progress: {
    stage: 'queued',
    layersDone: 0,
    layersTotal: 0,
    bytesDone: 0,
    bytesTotal: 0,
    packages: null,
    ...progress,
  },
  error: null,
  attempts: 1,
  lane: 0,
  requestedBy: null,
  queuedAt: '2026-11-21T05:00:00.000Z',
  startedAt: null,
  finishedAt: null,
})

test('pulling says its layers and bytes', () => {
  const pulling = {
    stage: 'pulling',
    layersDone: 3,
    layersTotal: 7,
    bytesDone: 41e6,
    bytesTotal: 110e6,
  } as const
  expect(scanSentence(scan(pulling))).toBe('Pulling 3/7 layers (41 MB of 110 MB)')
  expect(scanSentence(scan({ ...pulling, bytesTotal: 0 }))).toBe('Pulling 3/7 layers')
  expect(scanSentence(scan({ stage: 'pulling' }))).toBe('Pulling')
})

test('later stages say how many packages were found', () => {
  expect(scanSentence(scan({ stage: 'matching', packages: 214 }))).toBe('Matching, 214 packages')
  expect(scanSentence(scan({ stage: 'inventory' }))).toBe('Inventory')
})

test('the share grows from stage to stage and with the bytes, and never beyond its end', () => {
  const stages = ['queued', 'resolving', 'pulling', 'inventory', 'matching', 'recording', 'done'] as const
  const shares = stages.map(stage => scanShare(scan({ stage })))
  expect(shares).toEqual([...shares].sort((a, b) => a - b))
  expect(scanShare(scan({ stage: 'done' }))).toBe(1)
  const half = scanShare(scan({ stage: 'pulling', bytesDone: 50, bytesTotal: 100 }))
  expect(half).toBeGreaterThan(shares[2] ?? 1)
  expect(scanShare(scan({ stage: 'pulling', bytesDone: 200, bytesTotal: 100 }))).toBeLessThanOrEqual(
    shares[3] ?? 0,
  )
})
