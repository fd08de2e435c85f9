import type { RegistryDetail, ScopeTree } from '@plimsoll/types'
import { paths } from '../../app/paths.ts'
import { triggersSentence } from '../../lib/plan-words.ts'
import { placedName } from '../../lib/scope-path.ts'
import { NavLink } from '../../ui/nav-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { copy } from './copy.ts'

interface MoveNoticeProps {
  readonly registry: RegistryDetail
  readonly tree: ScopeTree
  /** The subscription that is chosen. */
  readonly to: string
}

/** What comes of a registry's move to another subscription: whose plan and rules hold, and what is charged. */
export function MoveNotice({ registry, tree, to }: MoveNoticeProps) {
  const from = registry.subscription
  const target = tree.subscriptions.find(each => each.id === to)
  if (target === undefined || target.id === from.id) return null
  const { plan } = target
  return (
    <Notice title={`${copy.moves} ${placedName(tree, target)}`} role="status">
      <ul style={{ margin: 0, paddingLeft: 20 }}>
        <li>
          {plan === 'off' ? copy.movesPlanOff : `${copy.movesPlanOn} ${triggersSentence(target)}.`}{' '}
          <NavLink to={paths.subscription(target.id)} underline="always">
            {copy.itsPlan}
          </NavLink>
        </li>
        <li>{copy.movesRules(from.name)}</li>
        <li>{plan === 'off' ? copy.movesUncharged : copy.movesCharged}</li>
      </ul>
    </Notice>
  )
}
