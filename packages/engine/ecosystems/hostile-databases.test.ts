import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apk } from './apk.ts'
import { dpkg } from './dpkg.ts'
import type { Ecosystem } from './ecosystem.ts'
import { apkBlock, dpkgStanza, many } from './testdata/made-databases.ts'
import { readDatabase } from './testdata/read-database.ts'

const status = 'var/lib/dpkg/status'
const installed = 'lib/apk/db/installed'

describe('a database cut short', () => {
  it.each<[string, Ecosystem, string, string]>([
    ['dpkg', dpkg, status, many(20, dpkgStanza)],
    ['apk', apk, installed, many(20, apkBlock)],
  ])('of %s gives the packages in front, wherever it ends', (_, ecosystem, path, text) => {
    const whole = readDatabase(ecosystem, text, path).records
    expect(whole).toHaveLength(20)
    for (let length = 0; length <= text.length; length += 1) {
      const { records, unreadable } = readDatabase(ecosystem, text.slice(0, length), path)
      // Of the last one there may be the front of its version, or not yet its source.
      const sound = records.slice(0, -1)
      expect(sound).toEqual(whole.slice(0, sound.length))
      const complete = text.slice(0, length).split('\n\n').length - 1
      expect(records.length).toBeGreaterThanOrEqual(complete)
      if (records.length > complete) expect(records).toHaveLength(complete + 1)
      if (unreadable !== null) expect(unreadable).toContain('could not be read in full')
    }
  })
})

/** Lines that mean something, lines that almost do, and anything. */
const line = fc.oneof(
  fc.constantFrom(
    'Package: a',
    'Package: b',
    'Version: 1.0-1',
    'Status: install ok installed',
    'Status: deinstall ok config-files',
    'Source: s (2)',
    'Source: s (',
    'Maintainer: x <x@y>',
    ' continued',
    '\t',
    '',
    '\r',
    ':',
    'P:a',
    'V:1-r0',
    'o:s',
    'A:x',
    'F:',
    'R:P:a',
    'rubbish',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
)

describe.each<[string, Ecosystem, string]>([
  ['dpkg', dpkg, status],
  ['dpkg, a single file', dpkg, 'var/lib/dpkg/status.d/a'],
  ['apk', apk, installed],
])('lines in any order, read as %s', (_, ecosystem, path) => {
  it('give sound packages, and a reason where a line makes no sense', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), lines => {
        const { records, unreadable } = readDatabase(ecosystem, lines.join('\n'), path)
        for (const { name, version, sourceName, sourceVersion } of records) {
          for (const text of [name, version, sourceName, sourceVersion]) expect(text).toMatch(/\S/)
        }
        // A line that is neither a field nor a part of one is never passed over in silence.
        if (lines.includes('rubbish')) expect(unreadable).not.toBeNull()
      }),
      { numRuns: 3000, seed: 3 },
    )
  })

  it('tell the same packages when empty lines are added between stanzas', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 1, maxLength: 10 }), gaps => {
        const one = ecosystem === apk ? apkBlock : dpkgStanza
        const spread = gaps.map((gap, index) => one(index) + '\n'.repeat(gap)).join('')
        const dense = gaps.map((_, index) => one(index)).join('')
        expect(readDatabase(ecosystem, spread, path)).toEqual(readDatabase(ecosystem, dense, path))
      }),
      { numRuns: 200, seed: 3 },
    )
  })
})
