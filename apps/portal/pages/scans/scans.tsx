import type { ScanState, ScanSummary } from '@plimsoll/types'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useAddressParams } from '../../app/address-params.ts'
import { paths } from '../../app/paths.ts'
import { useScope } from '../../app/scope.tsx'
import { useMayChange } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { imageName } from '../../lib/names.ts'
import { readPage, withPage, withSize } from '../../lib/page-params.ts'
import { count } from '../../lib/quantity.ts'
import { withParam } from '../../lib/search-params.ts'
import { ChoicePill } from '../../ui/choice-pill.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { ActionLine } from '../../ui/form-parts.ts'
import { NavLink } from '../../ui/nav-link.tsx'
import { NothingInScope, OnlyInScope } from '../../ui/nothing-in-scope.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted, PageHeader } from '../../ui/page.tsx'
import { Paging } from '../../ui/paging.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { scanOutcome, scanStarted, scanTook, scanTrigger } from '../../ui/scan-columns.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { BulkActions } from './bulk-actions.tsx'
import { copy, stateText } from './copy.ts'
import { isLane, laneNumber, laneText } from './lanes.ts'
import { QueueFacts } from './queue-facts.tsx'
import { scanActions } from './scan-actions.tsx'
import { StateLinks } from './state-links.tsx'

const isState = (text: string | null): text is ScanState => text !== null && Object.hasOwn(stateText, text)

/** What is scanned, what waits, and what was scanned. */
export function ScansPage() {
  const [params, setParams] = useAddressParams()
  const scope = useScope()
  const mayChange = useMayChange()
  const asked = params.get('state')
  const state = isState(asked) ? asked : undefined
  const askedLane = params.get('lane')
  const lane = isLane(askedLane) ? askedLane : undefined
  const registryId = params.get('reg') || undefined
  const { page, size } = readPage(params)
  const registries = useQuery(trpc.registries.list.queryOptions({ scope }))
  const scans = useQuery({
    ...trpc.scans.list.queryOptions({ scope, page, size, state, lane: laneNumber(lane), registryId }),
    placeholderData: keepPreviousData,
  })
  const filterBy = (name: string, value: string | undefined) =>
    setParams(withPage(withParam(params, name, value ?? null), 1))
  const names = Object.fromEntries((registries.data ?? []).map(({ id, name }) => [id, name]))
  return (
    <>
      <PageHeader
        title={copy.title}
        actions={
          mayChange && scans.data && <BulkActions chosen={{ registryId, lane }} counts={scans.data.states} />
        }
      >
        {scans.data && (
          <p role="status" style={{ margin: '4px 0 0' }}>
            <Muted>{queueSentence(scans.data.running, scans.data.queued)}</Muted>
          </p>
        )}
        <QueueFacts />
      </PageHeader>
      <ActionLine sx={{ mb: 1 }}>
        {scans.data && <StateLinks counts={scans.data.states} state={state} />}
        <ChoicePill label="Lane" choices={laneText} value={lane} onChange={next => filterBy('lane', next)} />
        <ChoicePill
          label="Registry"
          choices={names}
          value={registryId}
          onChange={next => filterBy('reg', next)}
        />
      </ActionLine>
      <QueryPanel query={scans} what="the scans" skeleton={<TableSkeleton rows={10} />}>
        {({ rows, total }) => (
          <>
            {total > 0 ? (
              <DataTable
                caption={copy.title}
                columns={mayChange ? columnsForAdmins : columns}
                rows={rows}
                rowKey={row => row.id}
                busy={scans.isPlaceholderData}
              />
            ) : state === undefined && lane === undefined && registryId === undefined ? (
              <NothingInScope what={copy.noneInScope}>
                <Notice title={copy.none} icon="scans">
                  <p>{copy.noneText}</p>
                </Notice>
              </NothingInScope>
            ) : (
              <Notice title={copy.noMatch}>
                <OnlyInScope />
              </Notice>
            )}
            <Paging
              page={page}
              size={size}
              total={total}
              onPage={each => setParams(withPage(params, each))}
              onSize={each => setParams(withSize(params, each))}
            />
          </>
        )}
      </QueryPanel>
    </>
  )
}

/** `2 running, 5 queued`; when idle, that it is. */
const queueSentence = (running: number, queued: number): string =>
  running + queued === 0 ? copy.idle : `${count(running)} running, ${count(queued)} queued`

const columns: readonly Column<ScanSummary>[] = [
  {
    id: 'image',
    header: 'Image',
    cell: row => (
      <NavLink to={paths.image(row)} data-row-link="">
        {imageName(row)}
      </NavLink>
    ),
  },
  { id: 'registry', header: 'Registry', cell: row => row.registryName },
  scanOutcome,
  scanTrigger,
  scanStarted,
  scanTook,
]

const columnsForAdmins = [...columns, scanActions]
