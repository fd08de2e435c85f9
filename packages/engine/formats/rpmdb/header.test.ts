import { describe, expect, it } from 'vitest'
import { readRpmHeader, rpmTags } from './header.ts'
import { headerOf, rpmHeader, uint32 } from './testdata/header-writer.ts'

const text = (tag: number, value: string, type = 6) => ({
  tag,
  type,
  count: 1,
  data: Buffer.from(`${value}\0`),
})

describe('an rpm header', () => {
  it('gives the wanted tags', () => {
    const { values, problem } = readRpmHeader(
      rpmHeader({
        name: 'nodejs',
        version: '12.22.5',
        release: '1.module+el8',
        epoch: 1,
        vendor: 'Ünder',
        arch: 'x86_64',
        sourceRpm: 'nodejs-12.22.5-1.module+el8.src.rpm',
        modularityLabel: 'nodejs:12:8040020210817:522a0ee4',
        padding: 500,
      }),
    )
    expect(problem).toBeNull()
    expect(Object.fromEntries(values)).toEqual({
      [rpmTags.name]: 'nodejs',
      [rpmTags.version]: '12.22.5',
      [rpmTags.release]: '1.module+el8',
      [rpmTags.epoch]: 1,
      [rpmTags.vendor]: 'Ünder',
      [rpmTags.arch]: 'x86_64',
      [rpmTags.sourceRpm]: 'nodejs-12.22.5-1.module+el8.src.rpm',
      [rpmTags.modularityLabel]: 'nodejs:12:8040020210817:522a0ee4',
    })
  })

  it('knows an epoch of 0 from none, and the largest there can be', () => {
    const epoch = (value?: number) =>
      readRpmHeader(rpmHeader({ name: 'a', ...(value === undefined ? {} : { epoch: value }) })).values.get(
        rpmTags.epoch,
      )
    expect([epoch(), epoch(0), epoch(0xffffffff)]).toEqual([undefined, 0, 0xffffffff])
  })

  it.each([
    ['a text', 6],
    ['the first of a list', 8],
    ['the first of a text in several languages', 9],
  ])('takes %s', (_, type) => {
    const { values } = readRpmHeader(headerOf([text(rpmTags.vendor, 'one\0two', type)]))
    expect(values.get(rpmTags.vendor)).toBe('one')
  })

  it('takes what was added to it later for what was there before', () => {
    const { values } = readRpmHeader(headerOf([text(rpmTags.vendor, 'built'), text(rpmTags.vendor, 'added')]))
    expect(values.get(rpmTags.vendor)).toBe('added')
  })

  it.each([
    ['nothing', Buffer.alloc(0), 'its header is cut off'],
    ['four bytes', Buffer.alloc(4), 'its header is cut off'],
    ['no entries', headerOf([]), 'its header cannot have 0 entries and 0 bytes of data'],
    [
      'more entries than rpm reads',
      Buffer.concat([uint32(0x10000), uint32(0), Buffer.alloc(0x100000)]),
      'its header cannot have 65536 entries and 0 bytes of data',
    ],
    [
      'more data than rpm reads',
      Buffer.concat([uint32(1), uint32(0x10000000)]),
      'its header cannot have 1 entries and 268435456 bytes of data',
    ],
  ])('of %s has no values', (_, bytes, problem) => {
    expect(readRpmHeader(bytes)).toEqual({ values: new Map(), problem })
  })

  it('that is cut off gives what is there, and says how much there is', () => {
    const whole = rpmHeader({ name: 'a', version: '1', padding: 100 })
    const { values, problem } = readRpmHeader(whole.subarray(0, whole.length - 60))
    expect(values.get(rpmTags.name)).toBe('a')
    expect(problem).toBe(`its header takes ${whole.length} bytes where there are ${whole.length - 60}`)
    for (let length = 0; length < whole.length; length += 1) {
      expect(readRpmHeader(whole.subarray(0, length)).problem).not.toBeNull()
    }
  })

  it('with bytes behind its end is no less damaged', () => {
    const { values, problem } = readRpmHeader(Buffer.concat([rpmHeader({ name: 'a' }), Buffer.alloc(3)]))
    expect(values.get(rpmTags.name)).toBe('a')
    expect(problem).toMatch(/^its header takes \d+ bytes where there are \d+$/)
  })

  it.each([
    ['no text', { tag: rpmTags.name, type: 4, count: 0, data: uint32(1) }],
    ['of a type that no text has', { tag: rpmTags.name, type: 7, count: 1, data: Buffer.from('a\0') }],
    ['without an end', { tag: rpmTags.name, type: 6, count: 1, data: Buffer.from('a') }],
    ['longer than any', text(rpmTags.name, 'a'.repeat(4097))],
    ['a number cut off', { tag: rpmTags.epoch, type: 4, count: 1, data: Buffer.alloc(2) }],
  ])('with a tag that is %s says so', (_, entry) => {
    const { values, problem } = readRpmHeader(headerOf([text(rpmTags.arch, 'noarch'), entry]))
    expect(problem).toBe(`the tag ${entry.tag} of its header makes no sense`)
    expect([...values]).toEqual([[rpmTags.arch, 'noarch']])
  })

  it('whose entries point behind its data says so', () => {
    const bytes = rpmHeader({ name: 'abc' })
    bytes.writeUInt32BE(0xfffffff0, 8 + 8)
    expect(readRpmHeader(bytes).problem).toBe('the tag 1000 of its header makes no sense')
  })
})
