import type { RuleCriteria, RuleMatch } from '@plimsoll/types'

const shownEntries = 3

const listed = (entries: readonly string[]): string =>
  entries.length <= shownEntries
    ? entries.join(', ')
    : `${entries.slice(0, shownEntries).join(', ')} and ${entries.length - shownEntries} more`

const percents = new Intl.NumberFormat('en', { maximumFractionDigits: 4 })

/** Each criterion of a rule that is set, as a phrase. */
function criteriaPhrases(criteria: RuleCriteria): readonly string[] {
  const { ids, cves, categories, securityChecks, packages, ecosystems, distributions } = criteria
  const { cvssBelow, severityBelow, notPatchable, epssBelow, kev } = criteria
  return [
    ids.length > 0 && `ID ${listed(ids)}`,
    cves.length > 0 && listed(cves),
    categories.length > 0 && `category ${listed(categories)}`,
    securityChecks.length > 0 && `security check "${listed(securityChecks)}"`,
    packages.length > 0 && `package ${listed(packages)}`,
    ecosystems.length > 0 && `ecosystem ${listed(ecosystems)}`,
    distributions.length > 0 && `distribution ${listed(distributions)}`,
    cvssBelow !== null && `CVSS v3 below ${cvssBelow}`,
    severityBelow !== null && `severity below ${severityBelow}`,
    epssBelow !== null && `EPSS below ${percents.format(epssBelow * 100)} %`,
    notPatchable && 'not patchable',
    kev !== null && (kev ? 'known exploited' : 'not known exploited'),
  ].filter(phrase => phrase !== false)
}

const joiners: Readonly<Record<RuleMatch, string>> = { any: ' or ', all: ' and ' }

/** The criteria as one sentence: `CVE-2024-1 or severity below Medium`; with `and` where all of them must hold. */
export const criteriaSentence = (criteria: RuleCriteria, match: RuleMatch): string =>
  criteriaPhrases(criteria).join(joiners[match])

const maxName = 200

/** A name for a rule from what it does; empty while no criterion is set. At most 200 characters, as the schema allows. */
export function suggestedName(criteria: RuleCriteria, match: RuleMatch): string {
  const sentence = criteriaSentence(criteria, match)
  if (sentence === '') return ''
  const name = `Disable ${sentence}`
  return name.length > maxName ? `${name.slice(0, maxName - 1)}…` : name
}
