import { expect, test } from 'vitest'
import { fixText, imageName, otherIds, platformText } from './names.ts'

const digest = `sha256:0123456789abcdef${'0'.repeat(48)}`

test('an image goes by its first tag, without one by its digest', () => {
  expect(imageName({ repository: 'team/api', tags: ['1.4', 'latest'], digest })).toBe('team/api:1.4')
  expect(imageName({ repository: 'team/api', tags: [], digest })).toBe('team/api@0123456789ab')
})

test('a platform is written with its variant where it has one', () => {
  expect(platformText({ os: 'linux', architecture: 'amd64' })).toBe('linux/amd64')
  expect(platformText({ os: 'linux', architecture: 'arm64', variant: 'v8' })).toBe('linux/arm64/v8')
})

test('ids that only prefix the finding by its feed are no other names', () => {
  const finding = {
    vulnerabilityId: 'CVE-2024-0727',
    aliases: ['DEBIAN-CVE-2024-0727', 'DSA-5532-1', 'UBUNTU-CVE-2024-0727'],
  }
  expect(otherIds(finding)).toEqual(['DSA-5532-1'])
})

test.each([
  ['available', 'Debian', 'Fix available'],
  ['none', 'Debian', 'No fix'],
  ['will-not-fix', 'Ubuntu', 'Will not fix'],
  ['deferred', 'Debian', 'Deferred'],
  ['needs-paid-channel', 'Ubuntu', 'Needs Ubuntu Pro'],
  ['needs-paid-channel', 'Somewhere', 'Needs a paid channel'],
] as const)('a fix that is %s of %s is said as "%s"', (fixState, category, text) => {
  expect(fixText({ fixState, category })).toBe(text)
})
