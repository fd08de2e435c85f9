import { acceptInvitationSchema } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { readInvitation } from './invitation-draft.ts'

const token = 't'.repeat(20)
const fields = { name: ' Ada ', email: ' ada@example.com', password: ' kept as it is ' }
const read = (part: Partial<typeof fields> = {}, given = token) => {
  const form = new FormData()
  for (const [name, value] of Object.entries({ ...fields, ...part })) form.set(name, value)
  return readInvitation(given, form)
}

test('what is given is what the server takes', () => {
  const answer = read()
  expect(answer).toEqual({
    given: { token, name: 'Ada', email: 'ada@example.com', password: ' kept as it is ' },
  })
  expect(acceptInvitationSchema.safeParse('given' in answer && answer.given).success).toBe(true)
})

const longEmail = (length: number) => `a@${'b'.repeat(length - 6)}.com`

test.each([
  ['name', '', 'x'],
  ['name', 'x'.repeat(101), 'x'.repeat(100)],
  ['email', 'ada', 'ada@example.com'],
  ['email', 'ada@example', 'ada@example.com'],
  ['email', longEmail(255), 'ada@example.com'],
  ['password', 'x'.repeat(11), 'x'.repeat(12)],
  ['password', 'x'.repeat(257), 'x'.repeat(256)],
] as const)('a %s of %j is refused as the server would, %j is not', (field, wrong, right) => {
  expect(read({ [field]: wrong })).toEqual({ problems: { [field]: expect.any(String) } })
  const server = (value: string) => acceptInvitationSchema.shape[field].safeParse(value).success
  expect([server(wrong), server(right)]).toEqual([false, true])
  expect(read({ [field]: right })).toHaveProperty('given')
})

test('a token that was cut off is told of', () => {
  expect(read({}, 'short')).toEqual({ problems: { token: expect.any(String) } })
  expect(acceptInvitationSchema.shape.token.safeParse('short').success).toBe(false)
})
