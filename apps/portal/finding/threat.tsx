import { styled } from '@mui/material/styles'
import type { FindingDetail, FindingRow } from '@plimsoll/types'
import { paths } from '../app/paths.ts'
import { dayOf } from '../lib/relative-time.ts'
import { FactList } from '../ui/facts.tsx'
import { NavLink } from '../ui/nav-link.tsx'
import { Muted } from '../ui/page.tsx'
import { copy } from './copy.ts'
import { epssSentence, kevSentence, percentText } from './threat-words.ts'

const Mark = styled('span')(({ theme }) => ({
  display: 'inline-block',
  padding: '0 5px',
  border: `1px solid ${theme.vars.palette.text.primary}`,
  borderRadius: 4,
  fontSize: '0.6875rem',
  fontWeight: 650,
  lineHeight: '16px',
  whiteSpace: 'nowrap',
}))
const Cell = styled('span')({ display: 'inline-flex', alignItems: 'center', gap: 8, whiteSpace: 'nowrap' })

type ThreatLists = FindingDetail['threatLists']

/** What is known of attacks, in one cell: the mark of a known exploited one, and its EPSS probability. */
export function ThreatCell({ finding: { kev, epss } }: { finding: Pick<FindingRow, 'kev' | 'epss'> }) {
  return (
    <Cell>
      {kev !== null && <Mark title={`Known exploited. ${kevSentence(kev)}`}>KEV</Mark>}
      {epss === null ? (
        <Muted>–</Muted>
      ) : (
        <span title={epssSentence(epss)}>{percentText(epss.probability)}</span>
      )}
    </Cell>
  )
}

/** What is known of attacks, in words; and where nothing is, whether that means anything. */
export function Threat({ finding }: { finding: FindingDetail }) {
  const { threatLists: lists } = finding
  return (
    <>
      <FactList
        facts={[
          { label: 'Known exploited', value: <KnownExploited finding={finding} day={lists.kev} /> },
          { label: 'EPSS', value: <Probability finding={finding} day={lists.epss} /> },
        ]}
      />
      {missing(lists) && (
        <p style={{ margin: '6px 0 0', fontSize: '0.8125rem' }}>
          <NavLink to={`${paths.settings}#threats`} underline="always">
            {copy.aboutLists}
          </NavLink>
        </p>
      )}
    </>
  )
}

const missing = (lists: ThreatLists): boolean => lists.kev === null || lists.epss === null

function KnownExploited({ finding: { kev }, day }: { finding: FindingDetail; day: string | null }) {
  if (kev !== null) {
    return (
      <>
        <Mark>KEV</Mark> {kevSentence(kev)}
        {kev.requiredAction !== null && (
          <>
            <br />
            <Muted>{kev.requiredAction}</Muted>
          </>
        )}
      </>
    )
  }
  return day === null ? copy.noKevList : `Not in CISA’s catalogue (${dayOf(day)}).`
}

function Probability({ finding: { epss }, day }: { finding: FindingDetail; day: string | null }) {
  if (epss !== null) return epssSentence(epss)
  return day === null ? copy.noEpssList : `The EPSS list of ${dayOf(day)} has no score for it.`
}
