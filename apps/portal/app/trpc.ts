import type { AppRouter } from '@plimsoll/server'
import type { Session } from '@plimsoll/types'
import { hashKey, QueryCache, QueryClient } from '@tanstack/react-query'
import {
  createTRPCClient,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCClientErrorLike,
} from '@trpc/client'
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query'

/** An error of the API: its sentence, and in `data` its code, hint and incident; `data` is missing when nothing answered. */
export type ApiError = TRPCClientErrorLike<AppRouter>

const isApiError = (error: unknown): error is ApiError =>
  error instanceof Error && error.name === 'TRPCClientError'

/** Asking again may help when nothing answered or the server itself failed; it cannot when the answer was "no". */
function worthRetrying(failures: number, error: unknown): boolean {
  if (failures >= 2) return false
  const status = isApiError(error) ? error.data?.httpStatus : undefined
  return status === undefined || status >= 500
}

export const queryClient: QueryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 30_000, retry: worthRetrying, retryDelay: failures => 400 * 2 ** failures },
    mutations: { retry: false },
  },
  queryCache: new QueryCache({
    // A session that ended elsewhere shows itself in whichever query comes first.
    onError: error => {
      if (isApiError(error) && error.data?.code === 'UNAUTHORIZED') {
        void queryClient.invalidateQueries(trpc.session.get.queryFilter())
      }
    },
  }),
})

/** Goes on as whoever the session is of now. What was answered to the one before may not be for this one's eyes. */
export async function enterSession(session: Session): Promise<void> {
  const sessionKey = trpc.session.get.queryKey()
  queryClient.setQueryData(sessionKey, session)
  const sessionHash = hashKey(sessionKey)
  await queryClient.resetQueries({ predicate: query => query.queryHash !== sessionHash })
}

const url = '/api/trpc'

/** Queries that may be asked more than an address holds: a whole rule, or the ids of a thousand findings. */
const longInputs: ReadonlySet<string> = new Set([
  'rules.preview',
  'rules.disabling',
  'findings.vulnerabilities',
  'scans.ofChosen',
])

export const client = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: operation => operation.type === 'subscription',
      true: httpSubscriptionLink({ url }),
      false: splitLink({
        condition: operation => longInputs.has(operation.path),
        true: httpLink({ url, methodOverride: 'POST' }),
        false: httpLink({ url }),
      }),
    }),
  ],
})

/** Query and mutation options of every procedure of the API. */
export const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient })
