import { z } from 'zod'
import { explanationSchema } from './finding.ts'
import { digestSchema } from './image.ts'

/**
 * Why a vulnerability is, or is not, among an image's findings.
 * `reported`, `undetermined`: there is such a finding. `folded`: the id asked for is one more name of a finding that
 * goes by another. `outside-range`: a package it names is installed, in a version that is not affected.
 * `other-module`: the same, for another module stream. `not-installed`: none of the packages it names is installed.
 * `other-release`: it is known, for other releases or distributions than the image's. `withdrawn`: its advisories were
 * taken back. `third-party`: a package it names is installed, but not the distribution's own. `not-judged`: the image,
 * or this part of it, was not judged, the ledger says why. `unknown`: no advisory at hand names it.
 */
export const explainOutcomes = [
  'reported',
  'undetermined',
  'folded',
  'outside-range',
  'other-module',
  'not-installed',
  'third-party',
  'other-release',
  'withdrawn',
  'not-judged',
  'unknown',
] as const
export const explainOutcomeSchema = z.enum(explainOutcomes)
export type ExplainOutcome = z.infer<typeof explainOutcomeSchema>

/** One comparison, or the reason why none was made: an advisory, a package it names, and what came of it. */
export const explainStepSchema = z.object({
  advisoryId: z.string(),
  outcome: explainOutcomeSchema,
  /** One plain sentence, e.g. "3.0.2-1 is not below 3.0.2-0ubuntu1.12, so openssl is fixed." */
  sentence: z.string(),
  feed: z.string(),
  packageName: z.string(),
  /** The ranges and operands; empty when nothing was compared. */
  comparisons: z.array(explanationSchema),
  /** Database file of the package; null when it is not installed. */
  path: z.string().nullable(),
  /** diffID of the layer that brought the package, and the instruction that made it, where known. */
  layer: digestSchema.nullable(),
  instruction: z.string().nullable(),
})
export type ExplainStep = z.infer<typeof explainStepSchema>

export const explainAnswerSchema = z.object({
  /** The id as it was asked for. */
  asked: z.string(),
  /** The finding id it goes by; null when no advisory at hand names it. */
  vulnerabilityId: z.string().nullable(),
  /** Every other id of the same vulnerability, sorted. */
  aliases: z.array(z.string()),
  outcome: explainOutcomeSchema,
  /** The answer in one sentence. */
  sentence: z.string(),
  /** The most telling first; at most 100. */
  steps: z.array(explainStepSchema),
  /** How many there were. */
  stepsTotal: z.int().nonnegative(),
})
export type ExplainAnswer = z.infer<typeof explainAnswerSchema>
