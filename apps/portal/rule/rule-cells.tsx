import { styled } from '@mui/material/styles'
import type { DisableRule, RuleScope } from '@plimsoll/types'
import { paths } from '../app/paths.ts'
import { findingsPath } from '../finding/finding-query.ts'
import { count, counted } from '../lib/quantity.ts'
import { kindBeside, narrowingText, statusText } from '../lib/rule-words.ts'
import { Icon } from '../ui/icon.tsx'
import { NavLink } from '../ui/nav-link.tsx'
import { Muted } from '../ui/page.tsx'
import { When } from '../ui/when.tsx'

const Scope = styled('span')(({ theme }) => ({
  '& small': { fontSize: '0.75rem', color: theme.vars.palette.text.secondary },
}))

/** `Demo subscription`, its kind, and what it is narrowed to. */
export function ScopeText({ scope, name }: { scope: RuleScope; name: string }) {
  const narrowing = narrowingText(scope)
  return (
    <Scope>
      {name} <small>{kindBeside(scope.kind, name)}</small>
      {narrowing !== '' && (
        <>
          <br />
          <small>{narrowing}</small>
        </>
      )}
    </Scope>
  )
}

const StatusFrame = styled('span')(({ theme }) => ({
  display: 'inline-flex',
  alignItems: 'center',
  gap: 6,
  whiteSpace: 'nowrap',
  '& svg': { color: theme.vars.palette.text.secondary },
  '&[data-caution] svg': { color: theme.vars.palette.severity.medium },
}))

const statusIcons = {
  active: 'check',
  expiring: 'clock',
  expired: 'cross',
  stale: 'half',
  overridden: 'up',
  applying: 'refresh',
} as const

/** A rule's status as mark and word. */
export const StatusLabel = ({ status }: Pick<DisableRule, 'status'>) => (
  <StatusFrame data-caution={status === 'expiring' ? '' : undefined}>
    <Icon name={statusIcons[status]} size={13} />
    {statusText[status]}
  </StatusFrame>
)

/** The rules above that take a rule's place, each a link. */
export function OverriddenBy({ rule }: { rule: DisableRule }) {
  if (rule.overriddenBy.length === 0) return null
  return (
    <Muted>
      {rule.status === 'overridden' ? 'Overridden by ' : 'Overridden in part by '}
      {rule.overriddenBy.map(({ id, name }, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <NavLink to={paths.rule(id)} underline="always">
            {name}
          </NavLink>
        </span>
      ))}
    </Muted>
  )
}

/** What a rule disables now, wherever that is, leading to exactly those findings. */
export const Disables = ({
  rule,
  words = false,
}: {
  rule: Pick<DisableRule, 'id' | 'disables'>
  words?: boolean
}) =>
  rule.disables === 0 ? (
    <Muted>nothing</Muted>
  ) : (
    <NavLink to={findingsPath({ status: 'disabled', ruleId: rule.id })} everywhere>
      {words ? counted(rule.disables, 'finding') : count(rule.disables)}
    </NavLink>
  )

/** When a rule ends, marked where that is soon. */
export const Expires = ({ rule }: { rule: DisableRule }) => (
  <StatusFrame data-caution={rule.status === 'expiring' ? '' : undefined}>
    {rule.status === 'expiring' && <Icon name="clock" size={13} />}
    <When at={rule.expiresAt} never="No end" />
  </StatusFrame>
)
