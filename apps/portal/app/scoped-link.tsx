/* oxlint-disable no-restricted-imports -- this is the place that links and navigates */
import type { Scope } from '@plimsoll/types'
import {
  type LinkProps,
  type NavigateOptions,
  type NavLinkProps,
  Link as RouterLink,
  NavLink as RouterNavLink,
  type To,
  useHref,
  useLinkClickHandler,
  useNavigate,
  useSearchParams,
} from 'react-router-dom'
import { withPage } from '../lib/page-params.ts'
import { writeScope } from '../lib/scope.ts'
import { registryOf, withoutScope, withScope } from '../lib/scoped-address.ts'
import { withParam } from '../lib/search-params.ts'
import { useNarrowing } from './scope.tsx'

/** Ways through the portal. All of them keep to the scope; nothing else links or navigates, which lint sees to. */

interface Scoped {
  /** Leads to all there is: for numbers that were counted over all. */
  readonly everywhere?: boolean
}

/** A link within the portal, plain. */
export function Link({ to, everywhere = false, ...props }: LinkProps & Scoped) {
  return <RouterLink to={useScoped(to, everywhere)} {...props} />
}

/** A link that is marked as the current one on the pages of its section. */
export function SectionLink({ to, ...props }: NavLinkProps) {
  return <RouterNavLink to={useScoped(to, false)} {...props} />
}

/** What an element needs that is no link of ours: bars of a chart. */
export function useLinkProps(to: To) {
  const scoped = useScoped(to, false)
  return { href: useHref(scoped), onClick: useLinkClickHandler<HTMLAnchorElement>(scoped) }
}

/** Goes to a page. */
export function useGo(): (to: To, options?: NavigateOptions) => void | Promise<void> {
  const navigate = useNavigate()
  const { text } = useNarrowing()
  return (to, options) => navigate(withScope(to, text), options)
}

/** Goes back by one entry of the history. */
export function useGoBack(): () => void {
  const navigate = useNavigate()
  return () => void navigate(-1)
}

/** The present page, from its first row, within another scope; null: of all there is. */
export function useNarrowTo(): (scope: Scope | null) => void {
  const navigate = useNavigate()
  const [params] = useSearchParams()
  return scope => void navigate(narrowed(params, scope))
}

/** A link to the present page of all there is. */
export function EverythingLink(props: Omit<LinkProps, 'to'>) {
  const [params] = useSearchParams()
  return <RouterLink to={narrowed(params, null)} {...props} />
}

const narrowed = (params: URLSearchParams, scope: Scope | null): To => ({
  search: withPage(withParam(params, 'scope', scope && writeScope(scope)), 1).toString(),
})

function useScoped(to: To, everywhere: boolean): To {
  const { text, outside } = useNarrowing()
  if (everywhere) return withoutScope(to)
  const registryId = registryOf(to)
  // Rows of a registry outside are none of the scope's: within it, there would be nothing.
  return withScope(to, registryId !== null && outside.has(registryId) ? null : text)
}
