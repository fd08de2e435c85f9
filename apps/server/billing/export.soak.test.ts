import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { expect, test } from 'vitest'
import { openDatabase } from '../db/open.ts'
import { makeCharges } from '../testdata/charges.ts'
import { exportCharges } from './export.ts'

test('a million charges are exported page by page: in little memory', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-charges-'))
  const db = openDatabase(dataDir)
  makeCharges(db, 1_000_000, '2026-11')
  const viewer = { id: '1', name: 'Ada', role: 'Security Reader' } as const
  const server = createServer(
    express().use((request, response) => exportCharges(request, response, { db, viewer })),
  )
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const from = performance.now()
  const before = process.memoryUsage().rss
  let most = before
  let lines = 0
  let longest = 0
  let last = from
  const ticking = setInterval(() => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    most = Math.max(most, process.memoryUsage().rss)
  }, 5)
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`http://127.0.0.1:${port}/?month=2026-11`, resolve).on('error', reject)
  })
  for await (const chunk of answer) for (const byte of chunk as Buffer) if (byte === 10) lines += 1
  clearInterval(ticking)
  const seconds = (performance.now() - from) / 1000
  console.info(
    `1,000,000 charges: ${seconds.toFixed(1)} s, ${((most - before) / 1e6).toFixed(0)} MB more, longest pause ${longest.toFixed(0)} ms`,
  )
  expect(lines).toBe(1_000_001)
  expect(most - before).toBeLessThan(200e6)
  server.close()
  db.$client.close()
  await rm(dataDir, { recursive: true })
}, 300_000)
