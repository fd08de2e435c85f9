import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router-dom'
import { useScope } from '../../app/scope.tsx'
import { trpc } from '../../app/trpc.ts'
import { readDays } from './trend.ts'

/** How score and findings went in as many days as the URL asks for. */
export function useTrend() {
  const days = readDays(useSearchParams()[0])
  const scope = useScope()
  return useQuery({
    ...trpc.overview.trend.queryOptions({ days, scope }),
    placeholderData: keepPreviousData,
  })
}
