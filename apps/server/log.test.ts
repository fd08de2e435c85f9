import { expect, test } from 'vitest'
import { capturedLog } from './testdata/captured-log.ts'

test('what is secret by its name is not logged, wherever it stands; the rest is', () => {
  const { log, logged } = capturedLog()
  const headers = {
    authorization: 'Bearer hidden-1',
    cookie: 'hidden-2',
    'set-cookie': ['hidden-3'],
    host: 'shown-1',
  }
  log.info({ headers, password: 'hidden-4', user: { token: 'hidden-5', name: 'shown-2' } }, 'shown-3')
  log.info({ request: { headers } }, 'a request')
  log.debug('too fine')
  expect(logged()).not.toContain('hidden')
  expect(logged()).not.toContain('too fine')
  for (const shown of ['shown-1', 'shown-2', 'shown-3', '"level":"info"']) expect(logged()).toContain(shown)
})
