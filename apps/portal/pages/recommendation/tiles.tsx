import { styled } from '@mui/material/styles'
import type { RecommendationDetail, Severity } from '@plimsoll/types'
import { paths } from '../../app/paths.ts'
import { findingsPath } from '../../finding/finding-query.ts'
import { count, points } from '../../lib/quantity.ts'
import { severities } from '../../lib/severity.ts'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted } from '../../ui/page.tsx'
import { SeverityChip, SeverityLabel, severityColor } from '../../ui/severity.tsx'
import { registriesPath } from './registries-path.ts'

const Row = styled('dl')(({ theme }) => ({
  display: 'grid',
  gridTemplateColumns: 'repeat(3, auto) minmax(240px, 1.2fr) minmax(200px, 1fr)',
  gap: '20px 0',
  margin: 0,
  '& > div': {
    padding: '0 24px',
    borderLeft: `1px solid ${theme.vars.palette.divider}`,
    '&:first-of-type': { paddingLeft: 0, border: 0 },
  },
  '& dt': { marginBottom: 4, fontSize: '0.75rem', color: theme.vars.palette.text.secondary },
  '& dd': { margin: 0 },
  [theme.breakpoints.down('lg')]: {
    gridTemplateColumns: 'repeat(3, 1fr)',
    '& > div, & > div:first-of-type': { padding: 0, border: 0 },
  },
  [theme.breakpoints.down('sm')]: {
    gridTemplateColumns: '1fr 1fr',
    '& > div:nth-last-of-type(-n + 2)': { gridColumn: '1 / -1' },
  },
}))
const Figure = styled('div')({
  fontSize: '1.5rem',
  lineHeight: 1.3,
  fontWeight: 600,
  letterSpacing: '-0.015em',
})
const Lines = styled('ul')({
  margin: 0,
  padding: 0,
  listStyle: 'none',
  fontSize: '0.8125rem',
  lineHeight: '24px',
  '& li': { display: 'grid', alignItems: 'center', gap: 12 },
  '& li[data-kind="severity"]': { gridTemplateColumns: '84px 1fr 48px' },
  '& li[data-kind="registry"]': { gridTemplateColumns: 'minmax(0, 1fr) auto' },
  '& li > :last-child': { display: 'block', textAlign: 'right' },
})
const Track = styled('span')(({ theme }) => ({
  height: 6,
  borderRadius: 3,
  overflow: 'hidden',
  background: theme.vars.palette.surface.track,
  '& > span': { display: 'block', height: '100%' },
}))

export function Tiles({ recommendation }: { recommendation: RecommendationDetail }) {
  const { unhealthyRegistries, healthyRegistries, findings, registriesWithMost } = recommendation
  const known: readonly Severity[] = severities.filter(
    each => each !== 'Unknown' || findings.open.Unknown > 0,
  )
  const most = Math.max(1, ...known.map(severity => findings.open[severity]))
  return (
    <Row>
      <div>
        <dt>Unhealthy registries</dt>
        <dd>
          <Figure>
            <NavLink to={registriesPath('unhealthy')} color="inherit">
              {count(unhealthyRegistries)}
            </NavLink>{' '}
            <Muted>/ {count(unhealthyRegistries + healthyRegistries)}</Muted>
          </Figure>
          <Muted>up to +{points(recommendation.potentialScoreIncrease)} points</Muted>
        </dd>
      </div>
      <div>
        <dt>Severity</dt>
        <dd style={{ paddingTop: 6 }}>
          <SeverityChip severity={recommendation.severity} />
        </dd>
      </div>
      <div>
        <dt>Vulnerable images</dt>
        <dd>
          <Figure>
            <NavLink to={paths.imagesOf({ health: 'unhealthy' })} color="inherit">
              {count(recommendation.vulnerableImages)}
            </NavLink>
          </Figure>
          <Muted>of {count(recommendation.scannedImages)} scanned</Muted>
        </dd>
      </div>
      <div>
        <dt>
          Findings by severity:{' '}
          <NavLink to={findingsPath({})} underline="always">
            {count(recommendation.totalFindings)} in total
          </NavLink>
          {recommendation.disabledFindings > 0 && (
            <>
              {' · '}
              <NavLink to={findingsPath({ status: 'disabled' })} underline="always">
                {count(recommendation.disabledFindings)} disabled
              </NavLink>
            </>
          )}
        </dt>
        <dd>
          <Lines>
            {known.map(severity => (
              <li key={severity} data-kind="severity">
                <SeverityLabel severity={severity} />
                <Track aria-hidden="true">
                  <span
                    style={{
                      width: `${(findings.open[severity] / most) * 100}%`,
                      background: severityColor[severity],
                    }}
                  />
                </Track>
                {findings.open[severity] > 0 ? (
                  <NavLink to={findingsPath({ severity: [severity] })}>
                    {count(findings.open[severity])}
                  </NavLink>
                ) : (
                  <Muted>0</Muted>
                )}
              </li>
            ))}
          </Lines>
        </dd>
      </div>
      <div>
        <dt>Registries with most findings</dt>
        <dd>
          <Lines>
            {registriesWithMost.map(registry => (
              <li key={registry.registryId} data-kind="registry">
                <NavLink to={paths.registry(registry.registryId)}>{registry.name}</NavLink>
                <NavLink to={findingsPath({ registryId: registry.registryId })}>
                  {count(registry.findings)}
                </NavLink>
              </li>
            ))}
            {registriesWithMost.length === 0 && <Muted>None</Muted>}
          </Lines>
        </dd>
      </div>
    </Row>
  )
}
