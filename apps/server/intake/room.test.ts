import { expect, test } from 'vitest'
import { createRoom } from './room.ts'

test('one alone may hold half, of two each a third, and there is room for another always', () => {
  const room = createRoom(12)
  const fill = (id: string): number => {
    let taken = 0
    while (!room.isFull(id)) {
      room.take(id, 1)
      taken += 1
    }
    return taken
  }
  expect(fill('a')).toBe(6)
  expect(room.isFull('a')).toBe(true)
  expect(fill('b')).toBe(3)
  for (const id of ['c', 'd']) expect(fill(id)).toBeGreaterThan(0)
})

test('what is held at the beginning counts, and what leaves makes room', () => {
  const room = createRoom(12, [
    ['a', 6],
    ['b', 2],
  ])
  expect([room.isFull('a'), room.isFull('b'), room.held()]).toEqual([true, false, 8])
  room.leave('a', 6)
  expect([room.isFull('a'), room.held()]).toEqual([false, 2])
})

test('who brings more than a share at once is full, and another is not for that alone', () => {
  const room = createRoom(12)
  room.take('a', 9)
  expect([room.isFull('a'), room.isFull('b')]).toEqual([true, false])
})
