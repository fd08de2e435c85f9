import { describe, expect, it } from 'vitest'
import { apk } from './apk.ts'
import { dpkg } from './dpkg.ts'
import type { Ecosystem } from './ecosystem.ts'
import { apkBlock, dpkgStanza, many } from './testdata/made-databases.ts'
import { readDatabase } from './testdata/read-database.ts'

const status = 'var/lib/dpkg/status'
const installed = 'lib/apk/db/installed'

const megabytes = 20
const long = 'x'.repeat(megabytes * 1e6)

describe('a database made to take long is read in time that grows with its length', () => {
  it.each<[string, Ecosystem, string, string, number]>([
    ['one line', dpkg, status, long, 0],
    ['one field name', dpkg, status, `${long}: a`, 0],
    ['one value', dpkg, status, `Package: a\nStatus: install ok installed\nVersion: ${long}`, 1],
    ['spaces alone', dpkg, status, ' '.repeat(megabytes * 1e6), 0],
    ['a name of spaces', dpkg, status, `Package${' '.repeat(megabytes * 1e6)}: a`, 0],
    ['a value of spaces', dpkg, status, `Status: a${' '.repeat(megabytes * 1e6)}b`, 0],
    [
      'a source of brackets',
      dpkg,
      status,
      `${dpkgStanza(1).trim()}\nX: y\n\nPackage: a\nVersion: 1\nStatus: a b installed\nSource: a ${'('.repeat(megabytes * 1e6)}`,
      2,
    ],
    [
      'a source of spaces',
      dpkg,
      status,
      `Package: a\nVersion: 1\nStatus: a b installed\nSource: a${' '.repeat(megabytes * 1e6)}(`,
      1,
    ],
    ['line feeds', dpkg, status, '\n'.repeat(megabytes * 1e6), 0],
    ['empty fields', dpkg, status, ':\n'.repeat(megabytes * 5e5), 0],
    [
      'continuations of a field that is kept',
      dpkg,
      status,
      `Status: a\n${' b\n'.repeat(megabytes * 3e5)}`,
      0,
    ],
    ['a stanza of one field, again and again', dpkg, status, 'Package: a\n'.repeat(megabytes * 1e5), 0],
    ['stanzas without a version', dpkg, status, 'Package: a\nStatus: a b installed\n\n'.repeat(3e5), 0],
    ['ordinary stanzas', dpkg, status, many(100_000, dpkgStanza), 100_000],
    ['one line', apk, installed, long, 0],
    ['one value', apk, installed, `P:a\nV:${long}`, 1],
    ['a value of spaces', apk, installed, `P:a\nV:1${' '.repeat(megabytes * 1e6)}1`, 1],
    ['line feeds', apk, installed, '\n'.repeat(megabytes * 1e6), 0],
    ['empty values', apk, installed, 'P:\n'.repeat(megabytes * 3e5), 0],
    ['blocks without a version', apk, installed, 'P:a\n\n'.repeat(megabytes * 2e5), 0],
    ['ordinary blocks', apk, installed, many(200_000, apkBlock), 200_000],
  ])('%s', (_, ecosystem, path, text, packages) => {
    const bytes = new TextEncoder().encode(text)
    const started = performance.now()
    const { records, unreadable } = readDatabase(ecosystem, bytes, path)
    // A tenth of a second for each megabyte is ten times what it takes, and far from any power of the length.
    expect(performance.now() - started).toBeLessThan(Math.max(1000, bytes.length / 1e4))
    expect(records).toHaveLength(packages)
    expect((unreadable ?? '').length).toBeLessThan(1000)
  })
})
