import { describe, expect, it } from 'vitest'
import { readStanzas } from './deb822.ts'

const wanted = new Set(['package', 'version', 'conffiles'])
const read = (text: string) =>
  [...readStanzas(text, wanted)].map(({ line, fields, problem }) => ({
    line,
    problem,
    ...Object.fromEntries(fields),
  }))

describe('a control file', () => {
  it('is stanzas set apart by blank lines, however many', () => {
    expect(read('\n\nPackage: a\nVersion: 1\n\n \t\n\r\nPackage: b\n\n\n')).toEqual([
      { line: 3, problem: null, package: 'a', version: '1' },
      { line: 8, problem: null, package: 'b' },
    ])
  })

  it('may end without a line feed, or be empty', () => {
    expect(read('Package: a')).toEqual([{ line: 1, problem: null, package: 'a' }])
    expect(read('')).toEqual([])
    expect(read('\n')).toEqual([])
  })

  it('names fields without regard to case and keeps only those wanted', () => {
    expect(read('PACKAGE:a\nDescription: text\n more text\nversion :  2 ')).toEqual([
      { line: 1, problem: null, package: 'a', version: '2' },
    ])
  })

  it('continues a field on lines that start with a space or a tab', () => {
    expect(read('Conffiles:\n /etc/a 00\n\t/etc/b 11\nPackage: a')).toEqual([
      { line: 1, problem: null, conffiles: '\n/etc/a 00\n/etc/b 11', package: 'a' },
    ])
    expect(read('Description: x\n Package: not a field\nPackage: a')).toEqual([
      { line: 1, problem: null, package: 'a' },
    ])
  })

  it('reports a damaged line and keeps the rest of the stanza and of the file', () => {
    expect(
      read('Package: a\nrubbish\nVersion: 1\n\n continues\nPackage: b\n\nPackage: c\nPackage: d'),
    ).toEqual([
      { line: 1, problem: 'line 2 is not "Field: value"', package: 'a', version: '1' },
      { line: 5, problem: 'line 5 continues nothing', package: 'b' },
      { line: 8, problem: 'line 9 repeats the field "Package"', package: 'c' },
    ])
    expect(read(': value')).toEqual([{ line: 1, problem: 'line 1 is not "Field: value"' }])
  })

  it('reads 20,000 stanzas in well under a second', () => {
    const text =
      'Package: a\nStatus: install ok installed\nDescription: text\n and more of it\nVersion: 1.0\n\n'.repeat(
        20_000,
      )
    const started = performance.now()
    expect([...readStanzas(text, wanted)]).toHaveLength(20_000)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
