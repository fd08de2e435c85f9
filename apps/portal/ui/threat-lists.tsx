import type { ThreatLists } from '@plimsoll/types'
import { dayOf } from '../lib/relative-time.ts'
import { type Fact, FactList } from './facts.tsx'
import { Muted } from './page.tsx'

/** Which lists of attacks there are, each by its day; one that was never imported is said, for its silence means nothing. */
export const threatListFacts = (lists: ThreatLists): readonly Fact[] => [
  { label: 'Known exploited (CISA’s KEV)', value: <Day day={lists.kev} /> },
  { label: 'Probabilities (FIRST’s EPSS)', value: <Day day={lists.epss} /> },
]

export const ThreatListFacts = ({ lists }: { lists: ThreatLists }) => (
  <FactList facts={threatListFacts(lists)} />
)

const Day = ({ day }: { day: string | null }) =>
  day === null ? <Muted>Never imported</Muted> : `As of ${dayOf(day)}`
