import type { RuleCriteria } from '@plimsoll/types'

const shownEntries = 3

const listed = (entries: readonly string[]): string =>
  entries.length <= shownEntries
    ? entries.join(', ')
    : `${entries.slice(0, shownEntries).join(', ')} and ${entries.length - shownEntries} more`

/** Each criterion of a rule that is set, as a phrase. A finding that one of them fits is disabled. */
function criteriaPhrases(criteria: RuleCriteria): readonly string[] {
  const { ids, cves, categories, securityChecks, cvssBelow, severityBelow, notPatchable } = criteria
  return [
    ids.length > 0 && `ID ${listed(ids)}`,
    cves.length > 0 && listed(cves),
    categories.length > 0 && `category ${listed(categories)}`,
    securityChecks.length > 0 && `security check "${listed(securityChecks)}"`,
    cvssBelow !== null && `CVSS v3 below ${cvssBelow}`,
    severityBelow !== null && `severity below ${severityBelow}`,
    notPatchable && 'not patchable',
  ].filter(phrase => phrase !== false)
}

/** The criteria as one sentence: `CVE-2024-1 or severity below Medium`. */
export const criteriaSentence = (criteria: RuleCriteria): string => criteriaPhrases(criteria).join(' or ')

/** A name for a rule from what it does; empty while no criterion is set. At most 200 characters, as the schema allows. */
export function suggestedName(criteria: RuleCriteria): string {
  const sentence = criteriaSentence(criteria)
  return sentence === '' ? '' : `Disable ${sentence}`.slice(0, 200)
}
