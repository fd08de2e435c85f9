import { z } from 'zod'
import { findingClassSchema } from './finding.ts'
import { digestSchema } from './image.ts'
import { scopeSchema } from './scope.ts'
import { severitySchema } from './severity.ts'

/** How a list of findings may be ordered; `-` is descending. Severity orders by rank, never as text. */
export const findingSorts = [
  '-severity',
  'severity',
  'cve',
  '-cve',
  'package',
  '-package',
  '-cvss',
  'cvss',
  '-published',
  '-epss',
] as const

/**
 * The one vocabulary for choosing findings: URL, API input and export all carry it. Every field that is given must
 * hold; within one list any entry suffices. Compiled to SQL in one place, the server's `findings/where.ts`.
 */
export const findingFilterSchema = z.object({
  /** Free text over vulnerability id, aliases, package and security check (substring, case-insensitive). */
  q: z.string().max(200).optional(),
  severity: z.array(severitySchema).optional(),
  fix: z.enum(['available', 'none']).optional(),
  status: z.enum(['open', 'disabled', 'undetermined', 'closed']).default('open'),
  /** Absent: class `security` alone, which is what totals count. */
  class: z.array(findingClassSchema).optional(),
  /** What the whole portal is narrowed to, beside which the fields below choose a place. */
  scope: scopeSchema.optional(),
  subscriptionId: z.string().optional(),
  registryId: z.string().optional(),
  /** Repository name; only together with `registryId`. */
  repository: z.string().optional(),
  digest: z.string().optional(),
  /** A CVE (case-insensitive), or the id of a finding whose advisory names none. */
  cve: z.string().optional(),
  securityCheck: z.string().optional(),
  package: z.string().optional(),
  /** The distribution's release, or other feed, that the advisory is about: `Debian:12`. */
  feed: z.string().optional(),
  /** Only those in (true) or not in (false) CISA's catalogue of known exploited vulnerabilities. */
  kev: z.boolean().optional(),
  /** Only those with at least this probability of exploitation, 0 to 1. */
  epssAtLeast: z.number().min(0).max(1).optional(),
  /** diffID of the layer that brought the package; together with `digest`. */
  layer: digestSchema.optional(),
  /** Of an image with a recognised base image, what comes from it or not; together with `digest`. */
  origin: z.enum(['base', 'own']).optional(),
  ruleId: z.string().optional(),
})
export type FindingFilter = z.infer<typeof findingFilterSchema>

/** A page of a list: `page` counts from 1. */
export const pageSchema = z.object({
  page: z.int().min(1).default(1),
  size: z.union([z.literal(25), z.literal(50), z.literal(100), z.literal(200)]).default(50),
})
export type Page = z.infer<typeof pageSchema>

export const findingListInputSchema = z.object({
  filter: findingFilterSchema.prefault({}),
  sort: z.enum(findingSorts).default('-severity'),
  ...pageSchema.shape,
})
export type FindingListInput = z.input<typeof findingListInputSchema>
