import type { ImageImport } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useSay } from '../../app/announcement.tsx'
import { paths } from '../../app/paths.ts'
import { useMayConnect } from '../../app/session.tsx'
import { queryClient, trpc } from '../../app/trpc.ts'
import { bytes, count } from '../../lib/quantity.ts'
import { ShortCode } from '../../ui/code.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Icon } from '../../ui/icon.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted } from '../../ui/page.tsx'
import { Progress } from '../../ui/progress.tsx'
import { sentenceOf } from '../../ui/query-panel.tsx'
import { RowButton } from '../../ui/row-button.tsx'
import { When } from '../../ui/when.tsx'
import { copy, stateText } from './copy.ts'

export function ImportTable({ rows, busy }: { rows: readonly ImageImport[]; busy: boolean }) {
  const mayReach = useMayConnect() === 'granted'
  return (
    <DataTable
      caption={copy.history}
      columns={mayReach ? [...facts, actions] : facts}
      rows={rows}
      rowKey={row => row.id}
      busy={busy}
    />
  )
}

const facts: readonly Column<ImageImport>[] = [
  { id: 'source', header: 'Source', cell: row => <ShortCode text={row.source} maxLength={56} /> },
  { id: 'target', header: 'Target', cell: row => <Target row={row} /> },
  { id: 'state', header: 'State', cell: row => <State row={row} /> },
  { id: 'by', header: 'Asked for by', cell: row => row.requestedBy },
  { id: 'at', header: 'Begun', cell: row => <When at={row.startedAt ?? row.queuedAt} /> },
]

const actions: Column<ImageImport> = {
  id: 'actions',
  header: 'Actions',
  hideHeader: true,
  align: 'right',
  cell: row => <Actions row={row} />,
}

/** Where the copy goes; once it is there, a link to the image. An index has no page: its images have. */
function Target({ row: { registryId, registryName, repository, tag, platform } }: { row: ImageImport }) {
  return (
    <>
      <NavLink to={paths.repository(registryId, repository)}>
        {repository}
        {tag !== null && `:${tag}`}
      </NavLink>
      <br />
      <Muted>
        {registryName}
        {platform !== null && `, ${platform}`}
      </Muted>
    </>
  )
}

function State({ row }: { row: ImageImport }) {
  const { state, bytesDone, bytesTotal, bytesSpared, attempts, error, source, finishedAt, retryAt } = row
  if (retryAt !== null) return <Waiting row={row} until={retryAt} />
  if (state === 'queued' || state === 'running') {
    const share = bytesTotal === 0 ? 0 : Math.min(1, bytesDone / bytesTotal)
    return (
      <Progress label={`Import of ${source}`} share={share}>
        {stateText[state]}
        {bytesTotal > 0 && ` ${bytes(bytesDone)} of ${bytes(bytesTotal)}`}
      </Progress>
    )
  }
  return (
    <div style={{ maxWidth: '60ch', overflowWrap: 'anywhere' }}>
      {state === 'failed' && <Icon name="caution" size={14} />} {stateText[state]}
      {state === 'done' && (
        <Muted>
          , {bytes(bytesTotal)}
          {bytesSpared > 0 &&
            `, of which ${bytesSpared === bytesTotal ? 'all' : bytes(bytesSpared)} was there already`}
        </Muted>
      )}
      {attempts > 1 && <Muted> after {count(attempts)} attempts</Muted>}
      {finishedAt !== null && (
        <Muted>
          , <When at={finishedAt} />
        </Muted>
      )}
      {error && (
        <div>
          {error.message} <Muted>{error.hint}</Muted>
        </div>
      )}
    </div>
  )
}

/** For another try, and why; the seconds count down. */
function Waiting({ row: { error }, until }: { row: ImageImport; until: string }) {
  const now = useSecond()
  return (
    <div style={{ maxWidth: '60ch', overflowWrap: 'anywhere' }}>
      <Icon name="caution" size={14} />{' '}
      {copy.waiting(Math.max(0, Math.ceil((Date.parse(until) - now) / 1000)))}
      {error && (
        <div>
          {error.message} <Muted>{error.hint}</Muted>
        </div>
      )}
    </div>
  )
}

/** Milliseconds since the epoch, anew each second. */
function useSecond(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}

function Actions({ row: { id, state, source } }: { row: ImageImport }) {
  const say = useSay()
  const outcome = (sentence: string) => ({
    onSuccess: () => {
      say(sentence)
      return queryClient.invalidateQueries(trpc.imports.pathFilter())
    },
    onError: (error: Parameters<typeof sentenceOf>[0]) => say(sentenceOf(error)),
  })
  const cancel = useMutation(trpc.imports.cancel.mutationOptions(outcome('The import was cancelled.')))
  const retry = useMutation(trpc.imports.retry.mutationOptions(outcome('The import begins again.')))
  if (state === 'queued' || state === 'running') {
    return (
      <RowButton
        label="Cancel"
        of={source}
        disabled={cancel.isPending}
        onClick={() => cancel.mutate({ id })}
      />
    )
  }
  if (state === 'failed' || state === 'cancelled') {
    return (
      <RowButton label="Retry" of={source} disabled={retry.isPending} onClick={() => retry.mutate({ id })} />
    )
  }
  return null
}
