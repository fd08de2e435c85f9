import type { FindingFilter, FindingRow, NewDisableRule, RulePreview } from '@plimsoll/types'
import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { type ApiError, trpc } from '../app/trpc.ts'

/** Typing comes to rest for so long before the server is asked. */
const settleMs = 250

export type Preview = RulePreview & { readonly sample: readonly FindingRow[] }

export interface ShownPreview {
  readonly query: UseQueryResult<Preview, ApiError>
  /** What is shown is of the rule as it is now, not of an earlier one. */
  readonly current: boolean
}

/**
 * What saving a rule would do, asked anew as it is filled in; an answer that comes late for an earlier draft is dropped.
 * @param selection the findings that it is made for; null: none in particular.
 */
export function usePreview(
  id: string | null,
  rule: NewDisableRule | null,
  selection: FindingFilter | null,
): ShownPreview {
  const wanted = JSON.stringify(rule)
  const [settled, setSettled] = useState(wanted)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(wanted), settleMs)
    return () => clearTimeout(timer)
  }, [wanted])
  const asked = JSON.parse(settled) as NewDisableRule | null
  const query = useQuery({
    ...trpc.rules.preview.queryOptions({ id, rule: asked, selection }, { trpc: { abortOnUnmount: true } }),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
  return { query, current: wanted === settled && !query.isPlaceholderData && query.data !== undefined }
}
