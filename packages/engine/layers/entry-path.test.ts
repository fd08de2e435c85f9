import { posix } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asStored, entryPath, printable, readable } from './entry-path.ts'

describe('entryPath', () => {
  test.each([
    ['etc/os-release', 'etc/os-release'],
    ['./etc/os-release', 'etc/os-release'],
    ['/etc/os-release', 'etc/os-release'],
    ['etc/', 'etc'],
    ['./', ''],
    ['', ''],
    ['.', ''],
    ['..', ''],
    ['../../etc', 'etc'],
    ['a/../../b', 'b'],
    ['a//b/./c', 'a/b/c'],
    ['.a/..b/...', '.a/..b/...'],
    ['././a', 'a'],
  ])('%j is %j', (raw, path) => {
    expect(entryPath(raw)).toBe(path)
  })

  test('pitfall 46: is what the path would be in a chroot at its root', () => {
    const part = fc.oneof(
      fc.constantFrom('.', '..', '', '/', '.a', '..a', '...'),
      fc.string({ maxLength: 3 }),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), parts => {
        const raw = parts.join('/')
        expect(entryPath(raw)).toBe(posix.join('/', raw).slice(1).replace(/\/$/, ''))
      }),
      { numRuns: 1000 },
    )
  })
})

test('paths of any text survive being stored as bytes', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), text => readable(asStored(text)) === text))
})

test('bytes that are no UTF-8 are shown as such', () => {
  expect(readable('caf\xe9')).toBe('caf\uFFFD')
})

test('what is shown has no control characters, and an end', () => {
  expect(printable('a\x1b[31mb\r\n\x9b')).toBe('a\uFFFD[31mb\uFFFD\uFFFD\uFFFD')
  // What turns the order of letters round could make a name look like another.
  expect(printable('a\u202Egpj.exe\u2066')).toBe('a\uFFFDgpj.exe\uFFFD')
  expect(printable(`${'x'.repeat(5000)}end`)).toMatch(/^…x{996}end$/)
  expect(printable('Größe 1.0-1+b2')).toBe('Größe 1.0-1+b2')
})
