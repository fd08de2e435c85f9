import { styled } from '@mui/material/styles'
import type { FindingEvent, TimelineRule } from '@plimsoll/types'
import { paths } from '../app/paths.ts'
import { dayOf } from '../lib/relative-time.ts'
import { reasonText } from '../lib/rule-words.ts'
import { NavLink } from '../ui/nav-link.tsx'
import { Muted } from '../ui/page.tsx'
import { When } from '../ui/when.tsx'
import { eventWords } from './timeline-words.ts'

const List = styled('ol')(({ theme }) => ({
  margin: 0,
  padding: 0,
  listStyle: 'none',
  fontSize: '0.8125rem',
  lineHeight: '20px',
  overflowWrap: 'anywhere',
  '& > li': {
    position: 'relative',
    marginLeft: 4,
    paddingLeft: 20,
    paddingBottom: 12,
    borderLeft: `1px solid ${theme.vars.palette.divider}`,
    '&:last-of-type': { paddingBottom: 0, borderColor: 'transparent' },
    // A knot on the line, as high as the first line of text.
    '&::before': {
      content: '""',
      position: 'absolute',
      left: -4.5,
      top: 6,
      width: 8,
      height: 8,
      borderRadius: '50%',
      background: theme.vars.palette.text.secondary,
    },
  },
  '& p': { margin: 0 },
}))

/** What happened to a finding, the first first. */
export const Timeline = ({ events }: { events: readonly FindingEvent[] }) => (
  <List>
    {events.map((event, index) => (
      // Nothing in an event is unique: a rule may come and go.
      <li key={`${event.at} ${event.kind} ${index}`}>
        <Told event={event} /> <Muted>·</Muted> <When at={event.at} />
        {event.kind === 'rescanned' && event.times > 1 && (
          <>
            {' '}
            <Muted>to</Muted> <When at={event.lastAt} />
          </>
        )}
        {(event.kind === 'disabled' || event.kind === 'rule-changed') && <Why rule={event.rule} />}
      </li>
    ))}
  </List>
)

function Told({ event }: { event: FindingEvent }) {
  const words = eventWords(event)
  if (!('rule' in event)) return words.before
  return (
    <>
      {words.before}{' '}
      {event.rule.isThere ? (
        <NavLink to={paths.rule(event.rule.id)} underline="always">
          {event.rule.name}
        </NavLink>
      ) : (
        event.rule.name
      )}
      {words.after}
    </>
  )
}

/** Who saved the rule as it was then, for what reason, and until when. */
const Why = ({ rule }: { rule: TimelineRule }) => (
  <>
    <p>
      <Muted>
        By {rule.savedBy}, {untilWords(rule)}.{' '}
        {rule.reason === null ? 'No reason given.' : `${reasonText[rule.reason]}.`}
      </Muted>
    </p>
    {rule.justification !== '' && (
      <p>
        <Muted>“{rule.justification}”</Muted>
      </p>
    )}
  </>
)

function untilWords({ expiresAt, untilFixed }: TimelineRule): string {
  const end = expiresAt === null ? 'without an end' : `until ${dayOf(expiresAt)}`
  if (!untilFixed) return end
  return expiresAt === null
    ? 'until there is a fix'
    : `until there is a fix, and no longer than ${dayOf(expiresAt)}`
}
