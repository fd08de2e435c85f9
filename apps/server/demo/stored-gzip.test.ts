import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { storedGzip } from './stored-gzip.ts'

// A stored block holds at most 65,535 bytes: the sizes around one and two of them.
test.each([0, 1, 65_534, 65_535, 65_536, 131_070, 131_071, 200_000])(
  '%i bytes inflate to themselves',
  size => {
    const content = Buffer.from(Array.from({ length: size }, (_, index) => (index * 31) % 251))
    expect(gunzipSync(storedGzip(content)).equals(content)).toBe(true)
  },
)

test('a member names no time, no file and no operating system', () => {
  expect(storedGzip(Buffer.from('hull')).toString('hex')).toBe(
    '1f8b08000000000000ff' + '010400fbff' + '68756c6c' + '93a3a000' + '04000000',
  )
})
