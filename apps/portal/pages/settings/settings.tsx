import type { FeedStatus } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useLocation } from 'react-router-dom'
import { useMayChange, useSession } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { count } from '../../lib/quantity.ts'
import { AsOf } from '../../ui/as-of.tsx'
import { Code, ShortCode } from '../../ui/code.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { FactList } from '../../ui/facts.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted, PageHeader, Prose, Section } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { When } from '../../ui/when.tsx'
import { copy, feedSourceText } from './copy.ts'
import { Users } from './users.tsx'

export function SettingsPage() {
  const { hash } = useLocation()
  const mayChange = useMayChange()
  const { setupNeeded } = useSession()
  useEffect(() => {
    if (hash !== '') document.getElementById(hash.slice(1))?.scrollIntoView()
  }, [hash])
  return (
    <>
      <PageHeader title={copy.title} />
      <Section id="users" title={copy.users} first>
        {mayChange && !setupNeeded && <Users />}
        {!mayChange && <Muted>{copy.usersForAdmins}</Muted>}
        {mayChange && setupNeeded && <Muted>{copy.noUsers}</Muted>}
      </Section>
      <Feeds />
      <About />
    </>
  )
}

function Feeds() {
  const feeds = useQuery(trpc.advisories.status.queryOptions())
  return (
    <Section id="advisories" title={copy.advisories}>
      <QueryPanel query={feeds} what="the advisory feeds" skeleton={<TableSkeleton rows={9} />}>
        {rows => (
          <>
            {rows.length > 0 && (
              <DataTable
                caption={copy.advisories}
                columns={columns}
                rows={rows}
                rowKey={row => `${row.source} ${row.feed}`}
              />
            )}
            {rows.some(row => row.source === 'demonstration') && (
              <p style={{ margin: '8px 0 0' }}>
                <Muted>{copy.demonstrationFeeds}</Muted>
              </p>
            )}
            {!rows.some(row => row.source === 'osv') && (
              <div style={{ marginTop: 12 }}>
                <Notice title={copy.noAdvisories}>
                  <p>{copy.noAdvisoriesText}</p>
                </Notice>
              </div>
            )}
          </>
        )}
      </QueryPanel>
    </Section>
  )
}

const columns: readonly Column<FeedStatus>[] = [
  { id: 'feed', header: 'Feed', cell: row => row.feed },
  { id: 'source', header: 'Source', cell: row => feedSourceText[row.source] },
  { id: 'advisories', header: 'Advisories', align: 'right', cell: row => count(row.advisories) },
  {
    id: 'as-of',
    header: 'As of',
    cell: row => (row.asOf === null ? <Muted>Unknown</Muted> : <AsOf at={row.asOf} />),
  },
  { id: 'imported', header: 'Imported', cell: row => <When at={row.importedAt} /> },
  { id: 'location', header: 'From', cell: row => <ShortCode text={row.location} maxLength={56} /> },
]

function About() {
  const { version, demonstration } = useSession()
  return (
    <Section id="about" title={copy.about}>
      <FactList
        facts={[
          { label: 'Plimsoll', value: <Code>{version}</Code> },
          { label: 'Demonstration', value: demonstration ? 'Present' : 'Not present' },
        ]}
      />
      <Prose style={{ marginTop: 8 }}>
        <Muted>A Plimsoll line is the mark on a ship’s hull that shows whether it is safe to sail.</Muted>
      </Prose>
    </Section>
  )
}
