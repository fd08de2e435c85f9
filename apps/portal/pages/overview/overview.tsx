import { styled } from '@mui/material/styles'
import type { ImageCounts, Overview } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { paths } from '../../app/paths.ts'
import { useScope } from '../../app/scope.tsx'
import { trpc } from '../../app/trpc.ts'
import { count, counted, percent, points } from '../../lib/quantity.ts'
import { NavLink } from '../../ui/nav-link.tsx'
import { NothingInScope } from '../../ui/nothing-in-scope.tsx'
import { Muted, PageHeader, Section } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { Score } from '../../ui/score.tsx'
import { SetupSteps } from '../../ui/setup-steps.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { copy as registriesCopy } from '../registries/copy.ts'
import { copy } from './copy.ts'
import { CoverageStrip } from './coverage-strip.tsx'
import { Feeds } from './feeds.tsx'
import { FindingsBySeverity } from './findings-by-severity.tsx'
import { FindingsOverTime } from './findings-over-time.tsx'
import { RaiseList } from './raise-list.tsx'
import { ScoreTrend } from './score-trend.tsx'
import { TopChecks, TopImages } from './top-tables.tsx'
import { TrendDays } from './trend-days.tsx'

const Columns = styled('div')(({ theme }) => ({
  display: 'grid',
  gridTemplateColumns: 'minmax(260px, 1fr) minmax(0, 2fr)',
  gap: 48,
  [theme.breakpoints.down('md')]: { gridTemplateColumns: 'minmax(0, 1fr)', gap: 32 },
}))
const Halves = styled('div')(({ theme }) => ({
  display: 'grid',
  gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)',
  gap: 40,
  [theme.breakpoints.down('lg')]: { gridTemplateColumns: 'minmax(0, 1fr)', gap: 0 },
}))
const Hint = styled('p')({ margin: '12px 0 0', fontSize: '0.8125rem' })

export function OverviewPage() {
  const scope = useScope()
  const overview = useQuery(trpc.overview.get.queryOptions({ scope }))
  return (
    <>
      <PageHeader title={copy.title} actions={overview.data && !isEmpty(overview.data) && <TrendDays />} />
      <QueryPanel query={overview} what="the overview" skeleton={<BlockSkeleton height={640} />}>
        {data => <Content overview={data} />}
      </QueryPanel>
    </>
  )
}

/** No registry is connected yet. */
const isEmpty = ({ registries: { healthy, unhealthy, notApplicable } }: Overview): boolean =>
  healthy + unhealthy + notApplicable === 0

function Content({ overview }: { overview: Overview }) {
  const { score, registries, findings } = overview
  if (isEmpty(overview)) {
    return (
      <NothingInScope what={registriesCopy.noneInScope}>
        <SetupSteps />
      </NothingInScope>
    )
  }
  return (
    <>
      <Columns>
        <Section id="score" title={copy.score} first>
          <Score score={score} resources={registries} />
          <Hint>
            <Muted>{copy.scoreHint}</Muted>
          </Hint>
          <ByImage images={overview.images} />
        </Section>
        <ScoreTrend />
      </Columns>
      <Columns>
        <Section id="raise" title={copy.raise}>
          {registries.unhealthy === 0 ? (
            <Muted>{copy.nothingToRaise}</Muted>
          ) : (
            <>
              <RaiseList />
              <Hint>
                <NavLink to={paths.containerImages}>
                  Remediate {counted(registries.unhealthy, 'unhealthy registry', 'unhealthy registries')}
                </NavLink>
                <Muted> +{points(score.max - score.current)} points in all</Muted>
              </Hint>
            </>
          )}
        </Section>
        <FindingsBySeverity findings={findings} />
      </Columns>
      <FindingsOverTime />
      <Section id="coverage" title={copy.coverage}>
        <CoverageStrip images={overview.images} />
      </Section>
      <Halves>
        <TopImages images={overview.topImages} />
        <TopChecks checks={overview.topChecks} />
      </Halves>
      <Feeds overview={overview} />
    </>
  )
}

/** The same ratio by image, so that work done shows before a whole registry is clean. */
function ByImage({ images: { healthy, unhealthy } }: { images: ImageCounts }) {
  const assessed = healthy + unhealthy
  if (assessed === 0) return null
  return (
    <Hint>
      By image: {percent(healthy / assessed)}{' '}
      <Muted>
        (
        <NavLink to={paths.imagesOf({ health: 'healthy' })} underline="always">
          {count(healthy)} healthy
        </NavLink>{' '}
        of {count(assessed)} assessed)
      </Muted>
    </Hint>
  )
}
