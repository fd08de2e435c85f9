import { expect, test } from 'vitest'
import { bytes, count, counted, percent, points } from './quantity.ts'

test('numbers are grouped', () => {
  expect(count(1284)).toBe('1,284')
  expect(count(0)).toBe('0')
})

test('a counted noun agrees with its number', () => {
  expect(counted(1, 'image')).toBe('1 image')
  expect(counted(0, 'image')).toBe('0 images')
  expect(counted(1284, 'repository', 'repositories')).toBe('1,284 repositories')
})

test('points show at most two decimals', () => {
  expect(points(4)).toBe('4')
  expect(points(6 / 78)).toBe('0.08')
})

test('percents never claim all or nothing when it is not so', () => {
  expect(percent(1)).toBe('100 %')
  expect(percent(0.999)).toBe('99 %')
  expect(percent(0)).toBe('0 %')
  expect(percent(0.001)).toBe('1 %')
  expect(percent(2 / 3)).toBe('67 %')
})

test('bytes use decimal units and step up before four digits', () => {
  expect(bytes(0)).toBe('0 B')
  expect(bytes(999)).toBe('999 B')
  expect(bytes(1000)).toBe('1 kB')
  expect(bytes(999_960)).toBe('1 MB')
  expect(bytes(110_400_000)).toBe('110.4 MB')
})
