import { z } from 'zod'
import { digestSchema } from './image.ts'
import { ecosystemIdSchema } from './package.ts'
import { severitySchema } from './severity.ts'

/** States of a finding. Disabled is decided by rules where the list is read, never by rewriting the finding. */
export const findingStates = ['open', 'disabled', 'not-affected', 'undetermined', 'closed'] as const
export const findingStateSchema = z.enum(findingStates)
export type FindingState = z.infer<typeof findingStateSchema>

/**
 * Why a finding was closed. `superseded`: another image took the last tag of this one and has the same finding open;
 * where that image no longer has it, the reason is `fixed` or `package-gone`. `withdrawn`: its advisories were taken
 * back, or do not name this version any more. `folded`: its id turned out to be one more name of another finding.
 */
export const closeReasons = [
  'fixed',
  'withdrawn',
  'folded',
  'image-deleted',
  'package-gone',
  'superseded',
] as const
export const closeReasonSchema = z.enum(closeReasons)
export type CloseReason = z.infer<typeof closeReasonSchema>

/** `security` counts in totals; the other two are counted beside them and make nothing unhealthy. */
export const findingClasses = ['security', 'unimportant', 'kernel-headers'] as const
export const findingClassSchema = z.enum(findingClasses)
export type FindingClass = z.infer<typeof findingClassSchema>

/** What the advisory says of a fix. `needs-paid-channel`: fixed, but only in a paid channel such as Ubuntu Pro. */
export const fixStates = ['available', 'none', 'will-not-fix', 'deferred', 'needs-paid-channel'] as const
export const fixStateSchema = z.enum(fixStates)
export type FixState = z.infer<typeof fixStateSchema>

/** One CVSS vector with its base score (0.0 to 10.0) and the feed that gave it. */
export const cvssSchema = z.object({
  version: z.enum(['2.0', '3.0', '3.1', '4.0']),
  vector: z.string(),
  baseScore: z.number().min(0).max(10),
  source: z.string(),
})
export type Cvss = z.infer<typeof cvssSchema>

/** A vendor's own word for how bad it is: Ubuntu's "medium", Red Hat's "Moderate", Debian's urgency "low". */
export const vendorSeveritySchema = z.object({
  source: z.string(),
  word: z.string(),
  /** What the word stands for here; Unknown when it is none that is known. */
  severity: severitySchema,
})
export type VendorSeverity = z.infer<typeof vendorSeveritySchema>

export const linkSchema = z.object({ title: z.string(), link: z.url() })
export type Link = z.infer<typeof linkSchema>

/** Why one advisory matched (or could not be judged): the range and the operands that were compared. */
export const explanationSchema = z.object({
  advisoryId: z.string(),
  /** The feed as the advisory names it: `Debian:12`, `Alpine:v3.10`, `Ubuntu:18.04:LTS`. */
  feed: z.string(),
  /** The name that was looked up: a source package's, or a binary package's where the feed names those. */
  packageName: z.string(),
  /** The module and stream the advisory is about, `nodejs:12`; null when it is about packages outside modules. */
  module: z.string().nullable(),
  /** The comparator: an ecosystem id. */
  comparator: ecosystemIdSchema,
  installed: z.string(),
  introduced: z.string().nullable(),
  fixed: z.string().nullable(),
  lastAffected: z.string().nullable(),
  /** True when the version stands in the advisory's `versions` list rather than inside a range. */
  listed: z.boolean(),
})
export type Explanation = z.infer<typeof explanationSchema>

/** A binary package a finding is about, with where it was found. */
export const affectedPackageSchema = z.object({
  name: z.string(),
  version: z.string(),
  arch: z.string(),
  path: z.string(),
  layer: digestSchema.nullable(),
})
export type AffectedPackage = z.infer<typeof affectedPackageSchema>

/**
 * One vulnerability in one source package version of one image, as the engine works it out: facts of the content,
 * without registry, state by rules, or dates of ours.
 */
export const matchSchema = z.object({
  /** Finding ID: the canonical CVE, else the advisory's id. */
  vulnerabilityId: z.string(),
  /** Every other id the records give for it (CVE, DSA, UBUNTU-CVE ...), sorted. */
  aliases: z.array(z.string()),
  advisoryIds: z.array(z.string()).min(1),
  ecosystem: ecosystemIdSchema,
  feed: z.string(),
  sourceName: z.string(),
  sourceVersion: z.string(),
  packages: z.array(affectedPackageSchema).min(1),
  class: findingClassSchema,
  /** `undetermined`: a version could not be compared, `undeterminedReason` says which. Never "not vulnerable". */
  state: z.enum(['open', 'undetermined']),
  undeterminedReason: z.string().nullable(),
  severity: severitySchema,
  /** Who gave the severity: a vendor ("Ubuntu"), "CVSS 3.1 (NVD)", or null when Unknown. */
  severitySource: z.string().nullable(),
  /** Vendors' own words beside CVSS, each with the severity it stands for here; empty when no vendor says one. */
  vendorSeverities: z.array(vendorSeveritySchema),
  cvss: z.array(cvssSchema),
  /** Base score of the CVSS v3 vector that rules compare with; null when no v3 vector is known. */
  cvssV3BaseScore: z.number().nullable(),
  fixState: fixStateSchema,
  /** The version (of the source package) to upgrade to; null unless `fixState` is available or needs-paid-channel. */
  fixedVersion: z.string().nullable(),
  /** A fix exists and needs no paid channel. */
  patchable: z.boolean(),
  /** The distribution or ecosystem in its own words: "Debian", "Alpine", "npm". */
  category: z.string(),
  /** Composed title, e.g. "Debian security update for openssl (CVE-2024-0727)". */
  securityCheck: z.string(),
  /** The feed's own text where it carries one, as plain text. */
  description: z.string().nullable(),
  remediation: z.object({
    /** One sentence: what to do. */
    summary: z.string(),
    /** A command that does it inside the image, where there is one. */
    command: z.string().nullable(),
  }),
  cves: z.array(linkSchema),
  vendorReferences: z.array(linkSchema),
  publishedAt: z.iso.datetime().nullable(),
  modifiedAt: z.iso.datetime().nullable(),
  explanations: z.array(explanationSchema).min(1),
})
export type Match = z.infer<typeof matchSchema>
