import type { Epss, Kev } from '@plimsoll/types'
import { dayOf } from '../lib/relative-time.ts'

const trimmed = (value: number, digits: number): string => String(Number(value.toFixed(digits)))

/**
 * A probability of 0 to 1 as percents, exact enough where most are: far below one. Never says all or nothing of what is
 * neither. The space before the sign does not break.
 */
export function percentText(ratio: number): string {
  if (ratio > 0 && ratio < 0.0001) return 'under 0.01\u00a0%'
  if (ratio < 1 && ratio > 0.999) return '99.9\u00a0%'
  return `${trimmed(ratio * 100, ratio < 0.1 ? 2 : 1)}\u00a0%`
}

/** What an EPSS score means: its figures are of no use without the period and the comparison. */
export const epssSentence = ({ probability, percentile, asOf }: Epss): string =>
  `${percentText(probability)} probability of exploitation within 30 days, as high as or higher than that of ${percentText(percentile)} of all scored CVEs` +
  (asOf === null ? '.' : ` (${dayOf(asOf)}).`)

/** What CISA's catalogue says, in a sentence or two. */
export function kevSentence({ addedOn, dueOn, ransomware }: Kev): string {
  const due = dueOn === null ? '' : `; US agencies are to act by ${dayOf(dueOn)}`
  const campaigns = ransomware
    ? 'Known to be used in ransomware campaigns.'
    : 'Not known to be used in ransomware campaigns.'
  return `In CISA’s catalogue since ${dayOf(addedOn)}${due}. ${campaigns}`
}
