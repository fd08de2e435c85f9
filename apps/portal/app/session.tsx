import type { Role, Session } from '@plimsoll/types'
import { createContext, useContext } from 'react'

/** The session of somebody who has signed in. */
export type SignedIn = Session & { user: NonNullable<Session['user']> }

const SessionContext = createContext<SignedIn | null>(null)

export const SessionProvider = SessionContext.Provider

/** Who is signed in; only inside the shell, which shows nothing before that is known. */
export function useSession(): SignedIn {
  const session = useContext(SessionContext)
  if (!session) throw new Error('useSession outside of the shell')
  return session
}

const admin: Role = 'Security Admin'

/** Whether to offer what changes something. The server decides by its own table; this only spares a refusal. */
export const useMayChange = (): boolean => useSession().user.role === admin

/**
 * Whether to offer connecting, changing and removing registries, and changing what they hold: imports and deletions.
 * Their secrets go on opening doors, so that takes an account: who views the demonstration without one may not, whatever the role. The server decides by its own table.
 */
export function useMayConnect(): 'granted' | 'needs-role' | 'needs-account' {
  const { setupNeeded } = useSession()
  if (!useMayChange()) return 'needs-role'
  return setupNeeded ? 'needs-account' : 'granted'
}
