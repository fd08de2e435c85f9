import type { RuleCriteria } from '@plimsoll/types'
import { percentText } from '../../finding/threat-words.ts'
import { Code } from '../../ui/code.tsx'
import { FactList } from '../../ui/facts.tsx'

/** All criteria that a rule has, none cut. */
export function CriteriaFacts({ criteria }: { criteria: RuleCriteria }) {
  const entries = (list: readonly string[]) =>
    list.length > 0 && list.map(entry => <div key={entry}>{entry}</div>)
  const { cvssBelow, epssBelow, kev } = criteria
  return (
    <FactList
      facts={[
        { label: 'IDs', value: entries(criteria.ids) },
        { label: 'CVEs', value: entries(criteria.cves) },
        { label: 'Categories', value: entries(criteria.categories) },
        { label: 'Security checks', value: entries(criteria.securityChecks) },
        { label: 'Packages', value: entries(criteria.packages) },
        { label: 'Ecosystems', value: entries(criteria.ecosystems) },
        { label: 'Distributions', value: entries(criteria.distributions) },
        { label: 'CVSS v3 below', value: cvssBelow !== null && <Code>{cvssBelow}</Code> },
        { label: 'Minimum severity kept', value: criteria.severityBelow },
        { label: 'EPSS below', value: epssBelow !== null && percentText(epssBelow) },
        { label: 'Patch', value: criteria.notPatchable && 'Not patchable' },
        {
          label: 'Known attacks',
          value: kev !== null && (kev ? 'Known to be exploited' : 'Not known to be exploited'),
        },
      ]}
    />
  )
}
