import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import Typography from '@mui/material/Typography'
import type { FindingDetail } from '@plimsoll/types'
import { useId } from 'react'
import { paths } from '../app/paths.ts'
import { Link } from '../app/scoped-link.tsx'
import { useMayChange } from '../app/session.tsx'
import { fixText } from '../lib/names.ts'
import { CodeBlock } from '../ui/code.tsx'
import { ExternalLink } from '../ui/external-link.tsx'
import { NavLink } from '../ui/nav-link.tsx'
import { Notice } from '../ui/notice.tsx'
import { Muted } from '../ui/page.tsx'
import { SeverityChip } from '../ui/severity.tsx'
import { AffectedImages } from './affected-images.tsx'
import { classText, closeReasonText, copy } from './copy.ts'
import { FindingFacts } from './finding-facts.tsx'
import { Ratings } from './ratings.tsx'
import { Threat } from './threat.tsx'
import { Timeline } from './timeline.tsx'
import { WhyMatched } from './why-matched.tsx'

const Stack = styled('article')(({ theme }) => ({
  display: 'flex',
  flexDirection: 'column',
  gap: 24,
  // As a page of its own, the facts stand beside the rest.
  '&[data-page]': {
    [theme.breakpoints.up('lg')]: {
      display: 'grid',
      gridTemplateColumns: 'minmax(0, 720px) minmax(0, 460px)',
      gap: '24px 64px',
      '& > *': { gridColumn: 1 },
      '& > [data-part="facts"]': { gridColumn: 2, gridRow: '1 / span 12' },
    },
  },
}))
const Head = styled('header')({ '& > :first-of-type': { marginBottom: 8 } })
const Links = styled('ul')({
  margin: 0,
  padding: 0,
  listStyle: 'none',
  fontSize: '0.8125rem',
  lineHeight: '24px',
})
const Paragraph = styled('p')({
  margin: '0 0 8px',
  whiteSpace: 'pre-line',
  maxWidth: '76ch',
  overflowWrap: 'anywhere',
})

interface FindingContentProps {
  readonly finding: FindingDetail
  /** The heading is the page's h1 on a page of its own, else an h2. */
  readonly level: 'h1' | 'h2'
}

/** Everything about one finding, in the order in which it is needed: what it is, what to do, why, where, whence. */
export function FindingContent({ finding, level }: FindingContentProps) {
  const { match } = finding
  const mayChange = useMayChange()
  const partLevel = level === 'h1' ? 'h2' : 'h3'
  return (
    <Stack aria-labelledby="finding-heading" data-page={level === 'h1' ? '' : undefined}>
      <Head>
        <div>
          <SeverityChip severity={finding.severity} struck={finding.rules.length > 0} />
        </div>
        <Typography
          variant="h1"
          component={level}
          id="finding-heading"
          tabIndex={-1}
          sx={{ overflowWrap: 'anywhere' }}
        >
          {finding.vulnerabilityId}
        </Typography>
        <Muted>{finding.securityCheck}</Muted>
      </Head>
      <State finding={finding} />
      <Part level={partLevel} title={copy.whatToDo}>
        <Paragraph>{match.remediation.summary}</Paragraph>
        {match.fixState === 'needs-paid-channel' && <Paragraph>{fixText(finding)}.</Paragraph>}
        {match.remediation.command !== null && <CodeBlock text={match.remediation.command} what="command" />}
        {mayChange && (finding.state === 'open' || finding.state === 'undetermined') && (
          <Button component={Link} to={paths.newRuleFrom(finding.id)} sx={{ mt: 1.5 }}>
            Disable like this…
          </Button>
        )}
      </Part>
      <Part level={partLevel} title={copy.facts} name="facts">
        <FindingFacts finding={finding} />
      </Part>
      <Part level={partLevel} title={copy.threat}>
        <Threat finding={finding} />
      </Part>
      <Part level={partLevel} title={copy.ratings}>
        <Ratings match={match} />
      </Part>
      <Part level={partLevel} title={copy.whyMatched}>
        <WhyMatched match={match} />
      </Part>
      <Part level={partLevel} title={copy.description}>
        <Paragraph>{match.description ?? <Muted>{copy.noDescription}</Muted>}</Paragraph>
      </Part>
      <Part level={partLevel} title={`${copy.affected} (${finding.affectedImagesTotal})`}>
        <AffectedImages finding={finding} />
      </Part>
      <Part level={partLevel} title={copy.references}>
        <Links>
          {[...match.cves, ...match.vendorReferences].map(({ title, link }) => (
            <li key={`${title} ${link}`}>
              <ExternalLink href={link}>{title}</ExternalLink>
            </li>
          ))}
        </Links>
      </Part>
      <Part level={partLevel} title={copy.timeline}>
        <Timeline events={finding.timeline} />
      </Part>
    </Stack>
  )
}

function Part({
  title,
  name,
  level,
  children,
}: {
  title: string
  name?: string
  level: 'h2' | 'h3'
  children: React.ReactNode
}) {
  const id = useId()
  return (
    <section aria-labelledby={id} data-part={name}>
      <Typography variant="h3" component={level} id={id} sx={{ mb: 0.75 }}>
        {title}
      </Typography>
      {children}
    </section>
  )
}

/** What keeps a finding from being simply open: a rule, an undetermined version, its end, a class beside the totals. */
function State({ finding }: { finding: FindingDetail }) {
  const { match } = finding
  if (finding.state === 'closed') {
    return (
      <Notice title="Closed" icon="check">
        <p>
          {finding.closeReason === null
            ? null
            : (closeReasonText[finding.closeReason] ?? finding.closeReason)}
        </p>
      </Notice>
    )
  }
  if (finding.rules.length > 0) {
    return (
      <Notice title={copy.disabledBy} icon="rules">
        {finding.rules.map(rule => (
          <p key={rule.id}>
            <NavLink to={paths.rule(rule.id)}>{rule.name}</NavLink>
          </p>
        ))}
      </Notice>
    )
  }
  if (match.state === 'undetermined') {
    return (
      <Notice title={copy.undetermined} icon="half" tone="caution">
        <p>{match.undeterminedReason}</p>
      </Notice>
    )
  }
  const beside = classText[finding.class]
  return beside === null ? null : (
    <Notice title="Not counted in totals">
      <p>{beside}</p>
    </Notice>
  )
}
