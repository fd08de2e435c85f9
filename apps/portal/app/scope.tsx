import type { Scope } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { createContext, useContext, useMemo } from 'react'
import { useSearchParams } from 'react-router-dom'
import {
  missingWords,
  readScope,
  registriesOutside,
  scopeName,
  scopeWords,
  writeScope,
} from '../lib/scope.ts'
import { trpc } from './trpc.ts'

/** What the address narrows pages to. */
interface Narrowing {
  /** Undefined: to nothing, pages show all there is. */
  readonly scope: Scope | undefined
  /** As links carry it on. */
  readonly text: string | null
  /** What it is called: `Plants`. */
  readonly name: string
  /** What its nodes are called, each with where it stands. */
  readonly words: string
  /** The ids of the registries that are not in it, as far as they are known yet. */
  readonly outside: ReadonlySet<string>
  /** Whether there is such a scope is not known yet. */
  readonly asking: boolean
  /** What of it is not there: `subscription x`. */
  readonly missing: string | null
  /** What the address has for a scope and cannot be understood. */
  readonly ignored: string | null
}

const everything: Narrowing = {
  scope: undefined,
  text: null,
  name: 'everything',
  words: '',
  outside: new Set(),
  asking: false,
  missing: null,
  ignored: null,
}

const NarrowingContext = createContext(everything)

/** Reads the scope from the address, once for all that is within. */
export function ScopeProvider({ children }: { children: React.ReactNode }) {
  const [params] = useSearchParams()
  const asked = params.get('scope') || null
  const scope = useMemo(() => readScope(asked), [asked])
  const { data: tree, isPending } = useQuery({
    ...trpc.scopes.tree.queryOptions(),
    enabled: scope !== null,
  })
  const narrowing = useMemo((): Narrowing => {
    if (scope === null) return asked === null ? everything : { ...everything, ignored: asked }
    return {
      scope,
      text: writeScope(scope),
      name: scopeName(scope, tree),
      words: scopeWords(scope, tree),
      outside: tree ? registriesOutside(scope, tree) : everything.outside,
      asking: isPending,
      missing: tree ? missingWords(scope, tree) : null,
      ignored: null,
    }
  }, [scope, asked, tree, isPending])
  return <NarrowingContext value={narrowing}>{children}</NarrowingContext>
}

export const useNarrowing = (): Narrowing => useContext(NarrowingContext)

/** The scope that queries ask within; undefined: all there is. */
export const useScope = (): Scope | undefined => useNarrowing().scope
