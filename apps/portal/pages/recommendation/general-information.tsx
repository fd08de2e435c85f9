import { styled } from '@mui/material/styles'
import type { RecommendationDetail, ThreatKind } from '@plimsoll/types'
import { paths } from '../../app/paths.ts'
import { count, points } from '../../lib/quantity.ts'
import { ExternalLink } from '../../ui/external-link.tsx'
import { FactList } from '../../ui/facts.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted, Prose, Section } from '../../ui/page.tsx'
import { copy } from './copy.ts'
import { freshnessWords } from './freshness-words.ts'
import { Insights } from './insights.tsx'
import { type RegistryTab, registriesPath } from './registries-path.ts'

/** What the recommendation is worth, and what it asks of whom. */
export function GeneralInformation({ recommendation }: { recommendation: RecommendationDetail }) {
  const { score, potentialScoreIncrease, healthyRegistries, unhealthyRegistries } = recommendation
  const { notApplicableRegistries } = recommendation
  return (
    <Section id="general" title={copy.general} collapsible>
      <FactList
        facts={[
          { label: 'Security control', value: recommendation.control },
          { label: 'Score', value: `${points(score.current)} of ${points(score.max)} points` },
          { label: 'Potential increase', value: `+${points(potentialScoreIncrease)} points` },
          { label: 'User impact', value: recommendation.userImpact },
          { label: 'Implementation effort', value: recommendation.implementationEffort },
          { label: 'Freshness interval', value: freshnessWords(recommendation.freshnessDays) },
          { label: 'Insights', value: <Insights insights={recommendation.insights} /> },
          {
            label: 'Registries',
            value: (
              <>
                <RegistriesLink number={unhealthyRegistries} tab="unhealthy" />,{' '}
                <RegistriesLink number={healthyRegistries} tab="healthy" />,{' '}
                <RegistriesLink number={notApplicableRegistries} tab="not-applicable" />
              </>
            ),
          },
          { label: 'Exempted resources', value: <Exempted /> },
        ]}
      />
    </Section>
  )
}

const RegistriesLink = ({ number, tab }: { number: number; tab: RegistryTab }) => {
  const text = `${count(number)} ${tab.replace('-', ' ')}`
  return number === 0 ? (
    text
  ) : (
    <NavLink to={registriesPath(tab)} underline="always">
      {text}
    </NavLink>
  )
}

/** That there are none, and what there is instead. */
const Exempted = () => (
  <>
    0{' '}
    <Muted>
      No resource is exempted as a whole: a{' '}
      <NavLink to={paths.disableRule} underline="always">
        disable rule
      </NavLink>{' '}
      of its registry takes findings out of the counts, and gives them back at its end.
    </Muted>
  </>
)

const threatText: Readonly<Record<ThreatKind, string>> = {
  accountBreach: 'Account breach',
  dataExfiltration: 'Data exfiltration',
  dataSpillage: 'Data spillage',
  elevationOfPrivilege: 'Elevation of privilege',
}

/** What an attacker may come to by what is not remediated. */
export const Threats = ({ recommendation }: { recommendation: RecommendationDetail }) => (
  <Section id="threats" title={copy.threats} collapsible>
    <Prose>
      <ul>
        {recommendation.threats.map(threat => (
          <li key={threat}>{threatText[threat]}</li>
        ))}
      </ul>
    </Prose>
  </Section>
)

const Lines = styled('ul')({ margin: 0, padding: 0, listStyle: 'none', lineHeight: '24px' })

/** How vulnerable software is used in attacks, as MITRE ATT&CK names it. */
export function Techniques({ techniques }: Pick<RecommendationDetail, 'techniques'>) {
  const byTactic = Map.groupBy(techniques, ({ tactic }) => tactic.id)
  return (
    <Section id="techniques" title={copy.techniques} collapsible>
      <FactList
        facts={[...byTactic.values()].map(of => ({
          label: of[0]?.tactic.name ?? '',
          value: (
            <Lines>
              {of.map(({ id, name }) => (
                <li key={id}>
                  <ExternalLink href={`https://attack.mitre.org/techniques/${id}/`}>
                    {name} ({id})
                  </ExternalLink>
                </li>
              ))}
            </Lines>
          ),
        }))}
      />
    </Section>
  )
}
