import { coverageReasonSchema, distroSchema, ecosystemIdSchema } from '@plimsoll/types'
import { z } from 'zod'
import { ProtocolError } from './frames.ts'
import type { Answer } from './messages.ts'

/** No answer is longer: packages come in batches of a few hundred. */
export const maxAnswerBytes = 16 * 1024 * 1024
/** All answers of one child together. */
export const maxAnswersBytes = 128 * 1024 * 1024

const text = z.string().max(1024)
const someText = text.min(1)
const path = z.string().max(64 * 1024)
const layerIndex = z.int().nonnegative()

const answerSchema: z.ZodType<Answer> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('again'),
    layers: z.array(layerIndex),
    alsoWanted: z.array(path),
  }),
  z.strictObject({
    kind: z.literal('packages'),
    ecosystem: ecosystemIdSchema,
    path,
    layer: layerIndex,
    packages: z.array(
      z.strictObject({
        name: someText,
        version: someText,
        sourceName: someText,
        sourceVersion: someText,
        arch: text,
      }),
    ),
  }),
  z.strictObject({
    kind: z.literal('inventory'),
    distro: distroSchema.nullable(),
    ecosystems: z.array(ecosystemIdSchema),
    reasons: z.array(coverageReasonSchema).max(200),
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
  throw new ProtocolError('an answer has an unexpected shape', { cause: parsed.error })
}
