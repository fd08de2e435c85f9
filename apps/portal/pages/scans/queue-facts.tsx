import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSay } from '../../app/announcement.tsx'
import { paths } from '../../app/paths.ts'
import { useMayChange } from '../../app/session.tsx'
import { queryClient, trpc } from '../../app/trpc.ts'
import { count, counted } from '../../lib/quantity.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { FactStrip } from '../../ui/facts.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import { copy } from './copy.ts'

const Frame = styled('div')({ display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: '8px 24px' })
const Registries = styled('span')({ display: 'inline-flex', flexWrap: 'wrap', gap: '0 16px' })

/** What runs and what waits, for whom and how long. Nothing while it is idle: the page's first line says that. */
export function QueueFacts({ registryId }: { registryId: string | undefined }) {
  const queue = useQuery({ ...trpc.scans.queue.queryOptions(), refetchInterval: 5000 })
  const mayChange = useMayChange()
  if (!queue.data) return null
  const { queued, running, concurrency, oldestQueuedAt, byRegistry } = queue.data
  const waiting = queued.people + queued.background
  if (waiting + running === 0) return null
  return (
    <Frame>
      <FactStrip
        facts={[
          {
            label: 'Running',
            value: (
              <>
                {count(running)} of{' '}
                <NavLink to={`${paths.settings}#scanning`} underline="always">
                  {count(concurrency)} at once
                </NavLink>
              </>
            ),
          },
          { label: 'Waiting, asked for or pushed', value: count(queued.people) },
          { label: 'Waiting, background', value: count(queued.background) },
          { label: 'Oldest wait', value: <When at={oldestQueuedAt} never="None" /> },
          ...(byRegistry.length === 0
            ? []
            : [
                {
                  label: 'By registry',
                  value: (
                    <Registries>
                      {byRegistry.map(each => (
                        <span key={each.registryId}>
                          <NavLink
                            to={`${paths.scans}?${new URLSearchParams({ reg: each.registryId })}`}
                            underline="always"
                          >
                            {each.registryName}
                          </NavLink>{' '}
                          <Muted>
                            {count(each.running)} running, {count(each.queued)} waiting
                          </Muted>
                        </span>
                      ))}
                    </Registries>
                  ),
                },
              ]),
        ]}
      />
      {mayChange && waiting > 0 && <CancelQueued registryId={registryId} />}
    </Frame>
  )
}

/** Cancels what waits: of the registry that is shown, or everywhere. */
function CancelQueued({ registryId }: { registryId: string | undefined }) {
  const [asking, setAsking] = useState(false)
  const say = useSay()
  const cancel = useMutation(
    trpc.scans.cancelQueued.mutationOptions({
      onSuccess: ({ cancelled }) => {
        setAsking(false)
        say(`${counted(cancelled, 'scan')} cancelled.`)
        return queryClient.invalidateQueries(trpc.scans.pathFilter())
      },
    }),
  )
  return (
    <>
      <Button onClick={() => setAsking(true)}>{copy.cancelAll}</Button>
      <ConfirmDialog
        open={asking}
        title={copy.cancelAllAsk}
        confirm={copy.cancelAll}
        cancel={copy.keep}
        pending={cancel.isPending}
        error={cancel.error}
        refused={copy.refused}
        onConfirm={() => cancel.mutate({ registryId })}
        onClose={() => setAsking(false)}
      >
        {registryId !== undefined && <p>Of the registry that is shown alone.</p>}
        <p>{copy.cancelAllText}</p>
      </ConfirmDialog>
    </>
  )
}
