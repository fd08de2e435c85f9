import type { RecommendationDetail, ThreatKind } from '@plimsoll/types'
import { count, points } from '../../lib/quantity.ts'
import { FactList } from '../../ui/facts.tsx'
import { Prose, Section } from '../../ui/page.tsx'
import { copy } from './copy.ts'
import { freshnessWords } from './freshness-words.ts'

/** What the recommendation is worth, and what it asks of whom. */
export function GeneralInformation({ recommendation }: { recommendation: RecommendationDetail }) {
  const { score, potentialScoreIncrease, healthyRegistries, unhealthyRegistries } = recommendation
  const { notApplicableRegistries } = recommendation
  return (
    <Section id="general" title={copy.general}>
      <FactList
        facts={[
          { label: 'Security control', value: recommendation.control },
          { label: 'Score', value: `${points(score.current)} of ${points(score.max)} points` },
          { label: 'Potential increase', value: `+${points(potentialScoreIncrease)} points` },
          { label: 'User impact', value: recommendation.userImpact },
          { label: 'Implementation effort', value: recommendation.implementationEffort },
          { label: 'Freshness interval', value: freshnessWords(recommendation.freshnessDays) },
          {
            label: 'Registries',
            value: `${count(unhealthyRegistries)} unhealthy, ${count(healthyRegistries)} healthy, ${count(notApplicableRegistries)} not applicable`,
          },
        ]}
      />
    </Section>
  )
}

const threatText: Readonly<Record<ThreatKind, string>> = {
  accountBreach: 'Account breach',
  dataExfiltration: 'Data exfiltration',
  dataSpillage: 'Data spillage',
  elevationOfPrivilege: 'Elevation of privilege',
}

/** What an attacker may come to by what is not remediated. */
export const Threats = ({ recommendation }: { recommendation: RecommendationDetail }) => (
  <Section id="threats" title={copy.threats}>
    <Prose>
      <ul>
        {recommendation.threats.map(threat => (
          <li key={threat}>{threatText[threat]}</li>
        ))}
      </ul>
    </Prose>
  </Section>
)
