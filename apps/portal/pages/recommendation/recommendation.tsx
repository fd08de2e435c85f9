import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import { useQuery } from '@tanstack/react-query'
import { paths } from '../../app/paths.ts'
import { useScope } from '../../app/scope.tsx'
import { Link } from '../../app/scoped-link.tsx'
import { useMayChange } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { Muted, PageHeader, Prose, Section } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { AffectedRegistries } from './affected-registries.tsx'
import { copy } from './copy.ts'
import { GeneralInformation, Techniques, Threats } from './general-information.tsx'
import { SecurityChecks } from './security-checks.tsx'
import { Tiles } from './tiles.tsx'

const Halves = styled('div')(({ theme }) => ({
  display: 'grid',
  gridTemplateColumns: '2fr 3fr',
  gap: 48,
  [theme.breakpoints.down('lg')]: { display: 'block' },
}))

export function RecommendationPage() {
  const scope = useScope()
  const recommendation = useQuery(trpc.recommendations.get.queryOptions({ scope }))
  const mayChange = useMayChange()
  return (
    <>
      <PageHeader
        title={copy.title}
        trail={[{ label: 'Recommendations', to: paths.recommendations }]}
        actions={
          <Button component={Link} to={paths.disableRule}>
            {mayChange ? 'Disable rule' : 'See disable rules'}
          </Button>
        }
      />
      <QueryPanel query={recommendation} what="the recommendation" skeleton={<BlockSkeleton height={144} />}>
        {data => (
          <>
            <Tiles recommendation={data} />
            <Halves>
              <GeneralInformation recommendation={data} />
              <div>
                <Threats recommendation={data} />
                <Techniques techniques={data.techniques} />
              </div>
            </Halves>
          </>
        )}
      </QueryPanel>
      <Halves>
        <Section id="description" title="Description" collapsible>
          <Prose>{copy.description}</Prose>
        </Section>
        <Section id="steps" title="Remediation steps" collapsible>
          <Prose>
            <ol>
              {copy.steps.map(step => (
                <li key={step}>{step}</li>
              ))}
            </ol>
            <p style={{ marginTop: 8 }}>
              <Muted>{copy.findingsThatCannotBeFixed}</Muted>
            </p>
          </Prose>
        </Section>
      </Halves>
      <Section id="related" title={copy.related} collapsible>
        <Muted>{copy.noRelated}</Muted>
      </Section>
      <AffectedRegistries />
      <SecurityChecks />
    </>
  )
}
