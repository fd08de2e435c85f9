import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import type { UseQueryResult } from '@tanstack/react-query'
import { useLiveState } from '../app/live.ts'
import { useNarrowing } from '../app/scope.tsx'
import type { ApiError } from '../app/trpc.ts'
import { useCopy } from './copy-button.tsx'
import { Notice } from './notice.tsx'

interface QueryPanelProps<Data> {
  readonly query: UseQueryResult<Data, ApiError>
  /** What was being loaded, for the sentence when it failed: "the findings". */
  readonly what: string
  readonly skeleton: React.ReactNode
  readonly children: (data: Data) => React.ReactNode
}

/** One region of a page over one query: its skeleton, its error (only here; the rest of the page lives), its content. */
export function QueryPanel<Data>({ query, what, skeleton, children }: QueryPanelProps<Data>) {
  const live = useLiveState()
  const { asking } = useNarrowing()
  if (query.data !== undefined) {
    // The bar at the top says already that the server does not answer.
    const saidAbove = live === 'paused' && !query.error?.data
    return (
      <>
        {query.isError && !saidAbove && (
          <ErrorNotice error={query.error} what={what} stale retry={query.refetch} />
        )}
        {children(query.data)}
      </>
    )
  }
  // Where there is no such scope, that is said once, for the whole page.
  if (query.isError && !(asking && isGone(query.error)))
    return <ErrorNotice error={query.error} what={what} retry={query.refetch} />
  return skeleton
}

interface ErrorNoticeProps {
  readonly error: ApiError
  readonly what: string
  /** An earlier answer is still shown below. */
  readonly stale?: boolean
  readonly retry: () => unknown
}

export function ErrorNotice({ error, what, stale = false, retry }: ErrorNoticeProps) {
  const { outcome, copy } = useCopy()
  const incident = error.data?.incident ?? null
  const details = () => {
    const { code, path } = error.data ?? {}
    return JSON.stringify({ what, message: error.message, code, path, incident, at: new Date() }, null, 2)
  }
  if (isGone(error)) {
    return (
      <Apart>
        <Notice icon="info" role="alert" title={stale ? `Gone since: ${what}` : `Not found: ${what}`}>
          <p>
            {sentenceOf(error)} {stale && 'This is the last answer.'}
          </p>
        </Notice>
      </Apart>
    )
  }
  return (
    <Apart>
      <Notice
        icon="caution"
        role="alert"
        title={stale ? `Could not refresh ${what}; this is the last answer.` : `Could not load ${what}.`}
        actions={
          <>
            <Button onClick={() => retry()}>Retry</Button>
            <Button variant="text" onClick={() => copy(details())}>
              {outcome === 'copied' ? 'Copied' : 'Copy details'}
            </Button>
          </>
        }
      >
        <p>{sentenceOf(error)}</p>
        {incident && <p>Incident {incident}: the server's log has the whole story under this id.</p>}
      </Notice>
    </Apart>
  )
}

/** Asking again would be told the same. */
const isGone = (error: ApiError): boolean => error.data?.code === 'NOT_FOUND'

/** A notice may follow a page's heading at once. */
const Apart = styled('div')({ marginBlock: 8 })

/** What went wrong, for people: the server's own sentence, or that there was no answer at all. */
export function sentenceOf(error: ApiError): string {
  if (!error.data) return 'The server did not answer. Check that it runs and that this computer reaches it.'
  return error.data.hint ? `${error.message} ${error.data.hint}` : error.message
}
