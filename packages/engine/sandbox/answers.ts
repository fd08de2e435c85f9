import { coverageReasonSchema, distroSchema, ecosystemIdSchema } from '@plimsoll/types'
import { z } from 'zod'
import { ProtocolError } from './frames.ts'
import type { Answer } from './messages.ts'

/** No answer is longer: packages come in batches. Reading one makes everything else wait. */
export const maxAnswerBytes = 2 * 1024 * 1024
/** All answers of one child together. */
export const maxAnswersBytes = 128 * 1024 * 1024

const text = z.string().max(1024)
const someText = text.min(1)
const path = z.string().max(64 * 1024)
const layerIndex = z.int().nonnegative()

/** A list whose length is looked at before its items: a million wrong ones would each make an error. */
const listOf = <T>(item: z.ZodType<T>) =>
  z.custom<unknown[]>(list => Array.isArray(list) && list.length <= maxListLength).pipe(z.array(item))
const maxListLength = 1000

const answerSchema: z.ZodType<Answer> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('again'),
    layers: listOf(layerIndex),
    alsoWanted: listOf(path),
  }),
  z.strictObject({
    kind: z.literal('packages'),
    ecosystem: ecosystemIdSchema,
    path,
    packages: listOf(
      z.strictObject({
        name: someText,
        version: someText,
        sourceName: someText,
        sourceVersion: someText,
        arch: text,
        module: someText.nullable(),
        vendor: text,
        layer: layerIndex,
      }),
    ),
  }),
  z.strictObject({
    kind: z.literal('inventory'),
    distro: distroSchema.nullable(),
    databases: listOf(
      z.strictObject({
        ecosystem: ecosystemIdSchema,
        path,
        layer: layerIndex,
        packages: z.int().nonnegative(),
        unreadCopies: z.int().nonnegative(),
      }),
    ),
    reasons: listOf(coverageReasonSchema),
  }),
  z.strictObject({ kind: z.literal('corrupt'), layer: layerIndex, message: z.string().max(10_000) }),
])

/**
 * An answer of the child, which read hostile bytes and is believed nothing that was not checked.
 *
 * @throws ProtocolError
 */
export function parseAnswer(message: unknown): Answer {
  const parsed = answerSchema.safeParse(message)
  if (parsed.success) return parsed.data
  // Where, and nothing more: the error itself repeats what a child made up, as often as it likes.
  const where = parsed.error.issues[0]?.path.join('.')
  throw new ProtocolError(`an answer has an unexpected shape${where ? ` at ${where}` : ''}`)
}
