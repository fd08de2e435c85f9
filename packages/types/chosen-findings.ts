import { z } from 'zod'

/** What is done with findings that were chosen together, beside rules. */

/** The ids of their vulnerabilities, each once and in order. */
export interface ChosenVulnerabilities {
  /** At most as many as an answer takes. */
  readonly ids: readonly string[]
  readonly total: number
}

/** Why an image of theirs is not scanned: its subscription's plan is off, or it was deleted or replaced. */
export const scanSkips = ['plan-off', 'gone'] as const
export type ScanSkip = (typeof scanSkips)[number]

/** Images for which a scan is asked, or would be; those that wait already count too. */
export interface ScansAsked {
  readonly asked: number
  /** By reason; those that concern no image are left out. */
  readonly skipped: readonly { readonly reason: ScanSkip; readonly images: number }[]
}

/** Rules that are brought back together. */
export const restoreInputSchema = z.object({ ids: z.array(z.string().max(40)).min(1).max(50) })
