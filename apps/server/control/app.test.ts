import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AppDeps } from '../http/app.ts'
import { capturedLog } from '../testdata/captured-log.ts'
import { createControlApp } from './app.ts'

/** An application in which everything that is asked goes wrong. */

const { log, logged, forget } = capturedLog()
const broken = {
  log,
  get db(): never {
    throw new Error('the inner workings')
  },
} as unknown as AppDeps
const server = createServer(createControlApp(broken))

beforeAll(async () => await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function get(path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)
  return { status: response.status, text: await response.text() }
}

test('an error of ours is JSON without a stack, and the log has the whole story', async () => {
  const { status, text } = await get('/api/billing/export?month=2026-11')
  expect([status, JSON.parse(text)]).toEqual([
    500,
    { error: 'Something went wrong in the server. Its log has the whole story.' },
  ])
  expect(logged()).toContain('the inner workings')
  expect(logged()).toContain('control/app.test.ts')
})

test('and one of tRPC in the API, before any procedure is called', async () => {
  forget()
  const { status, text } = await get('/api/trpc/session.get')
  expect(status).toBe(500)
  expect(JSON.parse(text)).toMatchObject({
    error: {
      message: 'Something went wrong in the server.',
      data: { code: 'INTERNAL_SERVER_ERROR', hint: null, incident: null },
    },
  })
  expect(text).not.toMatch(/inner workings|app\.ts|stack/)
  expect(logged()).toContain('the inner workings')
})

test('a fault of the caller stays one', async () => {
  forget()
  expect(await get('/api/none')).toEqual({ status: 404, text: '{"error":"There is nothing here."}' })
  expect((await get('/api/trpc/%E0%A4%A')).status).toBeLessThan(500)
  expect(logged()).toBe('')
})
