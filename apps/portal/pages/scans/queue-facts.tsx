import { styled } from '@mui/material/styles'
import { useQuery } from '@tanstack/react-query'
import { paths } from '../../app/paths.ts'
import { useScope } from '../../app/scope.tsx'
import { trpc } from '../../app/trpc.ts'
import { count } from '../../lib/quantity.ts'
import { FactStrip } from '../../ui/facts.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { When } from '../../ui/when.tsx'
import { copy } from './copy.ts'

const Registries = styled('span')({ display: 'inline-flex', flexWrap: 'wrap', gap: '0 16px' })

/** What runs and what waits, for whom and how long. Nothing while it is idle: the page's first line says that. */
export function QueueFacts() {
  const scope = useScope()
  const queue = useQuery({ ...trpc.scans.queue.queryOptions({ scope }), refetchInterval: 5000 })
  if (!queue.data) return null
  const { queued, running, concurrency, oldestQueuedAt, byRegistry } = queue.data
  if (queued.people + queued.background + running === 0) return null
  return (
    <FactStrip
      facts={[
        {
          label: 'Running',
          value: (
            <>
              <ScanCount of={running} state="running" /> of{' '}
              <NavLink to={`${paths.settings}#scanning`} underline="always">
                {count(concurrency)} at once
              </NavLink>
            </>
          ),
        },
        {
          label: 'Waiting, asked for or pushed',
          value: <ScanCount of={queued.people} state="queued" lane="asked" />,
        },
        {
          label: 'Waiting, background',
          value: <ScanCount of={queued.background} state="queued" lane="background" />,
        },
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
                        <NavLink to={paths.scansOf({ registryId: each.registryId })} underline="always">
                          {each.registryName}
                        </NavLink>{' '}
                        <ScanCount of={each.running} state="running" registryId={each.registryId} />{' '}
                        {copy.isRunning},{' '}
                        <ScanCount of={each.queued} state="queued" registryId={each.registryId} />{' '}
                        {copy.isWaiting}
                      </span>
                    ))}
                  </Registries>
                ),
              },
            ]),
      ]}
    />
  )
}

/** A number that leads to the scans it counts. */
function ScanCount({ of, ...chosen }: { of: number } & Parameters<typeof paths.scansOf>[0]) {
  return of === 0 ? '0' : <NavLink to={paths.scansOf(chosen)}>{count(of)}</NavLink>
}
