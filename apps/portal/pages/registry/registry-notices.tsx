import { styled } from '@mui/material/styles'
import type { RegistryDetail } from '@plimsoll/types'
import { paths } from '../../app/paths.ts'
import { useMayConnect } from '../../app/session.tsx'
import { connectionHint } from '../../lib/connection-hint.ts'
import { NavLink } from '../../ui/nav-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { copy } from './copy.ts'

const Stack = styled('div')({ display: 'flex', flexDirection: 'column', gap: 12 })

/** What stands in the way of results that are up to date. */
export function RegistryNotices({ registry }: { registry: RegistryDetail }) {
  const { id, kind, plan, subscription, connectionError, connectionCode } = registry
  const mayConnect = useMayConnect() === 'granted'
  const hint = connectionCode === null ? null : connectionHint[connectionCode]
  return (
    <Stack>
      {plan === 'off' && (
        <Notice title={copy.planOff} icon="dash">
          <p>
            {copy.planOffText}{' '}
            <NavLink to={paths.subscription(subscription.id)} underline="always">
              {copy.toPlan}
            </NavLink>
          </p>
        </Notice>
      )}
      {connectionError !== null && (
        <Notice title={copy.connection} icon="caution" tone="caution">
          <p>{connectionError}</p>
          {hint && <p>{hint}</p>}
          {mayConnect && kind !== 'demonstration' && (
            <p>
              <NavLink to={paths.editRegistry(id)} underline="always">
                {copy.changeConnection}
              </NavLink>
            </p>
          )}
        </Notice>
      )}
    </Stack>
  )
}
