import { expect, test } from 'vitest'
import { changeNames, createEventBus, type ServerEvent } from '../events.ts'
import { watchChanges } from './watch.ts'

const findings: ServerEvent = { type: 'changed', what: 'findings' }
const images: ServerEvent = { type: 'changed', what: 'images' }

test('of changes in quick succession the last of each kind arrives, and what comes later too', async () => {
  const events = createEventBus()
  const control = new AbortController()
  const watched = watchChanges(events, null, control.signal)
  const first = watched.next()
  for (let times = 0; times < 100; times++) {
    events.publish(findings)
    events.publish(images)
  }
  expect((await first).value).toMatchObject({ event: findings })
  expect((await watched.next()).value).toMatchObject({ event: images })

  const next = watched.next()
  const published = performance.now()
  events.publish(findings)
  expect((await next).value).toMatchObject({ event: findings })
  expect(performance.now() - published).toBeGreaterThan(150)
  control.abort()
  expect((await watched.next()).done).toBe(true)
})

test('whoever comes back is told to fetch everything', async () => {
  const control = new AbortController()
  const told: string[] = []
  for await (const { event } of watchChanges(createEventBus(), '17', control.signal)) {
    if (event.type === 'changed') told.push(event.what)
    if (told.length === changeNames.length) control.abort()
  }
  expect(told).toEqual([...changeNames])
})

test('a watcher who is gone is no longer told', async () => {
  const events = createEventBus()
  const control = new AbortController()
  const watched = watchChanges(events, null, control.signal)
  const waiting = watched.next()
  control.abort()
  expect((await waiting).done).toBe(true)
  let listeners = 0
  events.subscribe(() => (listeners += 1))
  events.publish(images)
  expect(listeners).toBe(1)
})
