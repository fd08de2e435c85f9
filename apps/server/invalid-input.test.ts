import { newRegistrySchema } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { invalidInput } from './invalid-input.ts'

const said = (schema: z.ZodType, input: unknown): string | null => {
  const { error } = schema.safeParse(input)
  return error === undefined ? null : invalidInput(error)
}

test.each([
  [
    z.object({ settings: z.object({ days: z.int().min(1) }) }),
    { settings: { days: 0 } },
    'settings.days has to be at least 1.',
  ],
  [z.object({ size: z.int().max(200) }), { size: 201 }, 'size has to be at most 200.'],
  [z.object({ address: z.string() }), {}, 'address is missing.'],
  [z.object({ id: z.string() }), { id: 1 }, 'id has to be a string.'],
  [z.object({ id: z.string() }), undefined, 'The input is missing.'],
  [z.object({ name: z.string().min(1) }), { name: '' }, 'name must not be empty.'],
  [z.object({ name: z.string().max(3) }), { name: 'long' }, 'name is too long: at most 3 are taken.'],
  [z.object({ plan: z.enum(['on', 'off']) }), { plan: 'mars' }, 'plan is one of on, off.'],
  [z.object({ at: z.iso.date() }), { at: 'x' }, 'at is not written as a date.'],
  [z.strictObject({}), { more: 1 }, 'There is no more in the input.'],
  [
    z.object({ password: z.string().min(12, 'Use 12 characters.') }),
    { password: 'x' },
    'password: Use 12 characters.',
  ],
  [newRegistrySchema, { address: '', subscriptionId: 'main' }, 'Give an address.'],
])('%#: faults are told in sentences', (schema, input, sentence) => {
  expect(said(schema, input)).toBe(sentence)
})
