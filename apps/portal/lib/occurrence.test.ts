import { expect, test } from 'vitest'
import { readOccurrence, writeOccurrence } from './occurrence.ts'

const digest = `sha256:${'3f2a'.repeat(16)}`

test('an image in its place is read as it was written', () => {
  const occurrence = { registryId: 'r-1', repository: 'team/api', digest }
  expect(writeOccurrence(occurrence)).toBe(`r-1/team/api@${digest}`)
  expect(readOccurrence(writeOccurrence(occurrence))).toEqual(occurrence)
})

test.each([null, '', 'r-1', `team@${digest}`, 'r-1/team@sha256:12', `r-1/@${digest}`])(
  '%j names none',
  text => {
    expect(readOccurrence(text)).toBeUndefined()
  },
)
