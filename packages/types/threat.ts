import { z } from 'zod'

/** CISA's catalogue of known exploited vulnerabilities says of a CVE. Dates are days, `2024-03-29`. */
export const kevSchema = z.object({
  addedOn: z.iso.date(),
  /** Until when United States agencies have to act; null when the entry says none. */
  dueOn: z.iso.date().nullable(),
  /** Known to be used in ransomware campaigns. */
  ransomware: z.boolean(),
  requiredAction: z.string().nullable(),
})
export type Kev = z.infer<typeof kevSchema>

/** FIRST's Exploit Prediction Scoring System says of a CVE; both figures are 0 to 1. */
export const epssSchema = z.object({
  /** Probability of exploitation within the next 30 days. */
  probability: z.number().min(0).max(1),
  /** Share of all scored CVEs with the same or a lower probability. */
  percentile: z.number().min(0).max(1),
  /** The day of the model's run. */
  asOf: z.iso.date().nullable(),
})
export type Epss = z.infer<typeof epssSchema>

/**
 * What is known of attacks on a vulnerability. It changes daily and says nothing of the image, so it is kept apart from
 * matches and joined where they are shown. Null: the list does not have it, or no list was imported.
 */
export const threatSchema = z.object({ kev: kevSchema.nullable(), epss: epssSchema.nullable() })
export type Threat = z.infer<typeof threatSchema>
