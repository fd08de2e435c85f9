import { styled } from '@mui/material/styles'
import type { AdvisoryImport, FeedStatus } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { trpc } from '../../app/trpc.ts'
import { count } from '../../lib/quantity.ts'
import { AsOf } from '../../ui/as-of.tsx'
import { ShortCode } from '../../ui/code.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted, Section } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton, TableSkeleton } from '../../ui/skeleton.tsx'
import { ThreatListFacts } from '../../ui/threat-lists.tsx'
import { When } from '../../ui/when.tsx'
import { copy, feedSourceText } from './copy.ts'

const Stack = styled('div')({ display: 'flex', flexDirection: 'column', gap: 12, marginBottom: 12 })
const Note = styled('p')({ margin: '8px 0 0', maxWidth: '76ch' })

/** Every feed with its records, their age and where they are from; what broke off; what is missing. */
export function Advisories() {
  const feeds = useQuery(trpc.advisories.status.queryOptions())
  return (
    <Section id="advisories" title={copy.advisories}>
      <Imports />
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
            {rows.some(row => row.source === 'osv') && (
              <Note>
                <Muted>{copy.furtherFeeds}</Muted>
              </Note>
            )}
            {rows.some(row => row.source === 'demonstration') && (
              <Note>
                <Muted>{copy.demonstrationFeeds}</Muted>
              </Note>
            )}
          </>
        )}
      </QueryPanel>
    </Section>
  )
}

/** Imports that broke off; and where none was ever asked for, how to ask for one. */
function Imports() {
  const imports = useQuery(trpc.advisories.imports.queryOptions())
  if (imports.data === undefined) return null
  const failed = imports.data.filter(one => one.error !== null)
  const never = !imports.data.some(one => one.source === 'osv')
  if (failed.length === 0 && !never) return null
  return (
    <Stack>
      {failed.map(one => (
        <Failed key={one.source} from={one} />
      ))}
      {never && (
        <Notice title={copy.noAdvisories}>
          <p>{copy.noAdvisoriesText}</p>
        </Notice>
      )}
    </Stack>
  )
}

function Failed({ from: { location, importedAt, error, failedAt } }: { from: AdvisoryImport }) {
  return (
    <Notice title={copy.importFailed} icon="caution" tone="caution">
      <p>
        {error} <Muted>{failedAt !== null && <When at={failedAt} />}</Muted>
      </p>
      <p>
        From <ShortCode text={location} maxLength={64} />.{' '}
        {importedAt === null ? (
          copy.neverImported
        ) : (
          <>
            {copy.lastImportStays} <When at={importedAt} />.
          </>
        )}
      </p>
    </Notice>
  )
}

const columns: readonly Column<FeedStatus>[] = [
  { id: 'feed', header: 'Feed', cell: row => row.feed },
  { id: 'source', header: 'Source', cell: row => feedSourceText[row.source] },
  { id: 'advisories', header: 'Advisories', align: 'right', cell: row => count(row.advisories) },
  {
    id: 'as-of',
    header: 'Newest record',
    cell: row => (row.asOf === null ? <Muted>Unknown</Muted> : <AsOf at={row.asOf} />),
  },
  { id: 'imported', header: 'Imported', cell: row => <When at={row.importedAt} /> },
  { id: 'location', header: 'From', cell: row => <ShortCode text={row.location} maxLength={56} /> },
]

/** The lists of what is known of attacks, or that there are none. */
export function Threats() {
  const lists = useQuery(trpc.advisories.threatLists.queryOptions())
  return (
    <Section id="threats" title={copy.threats}>
      <QueryPanel query={lists} what="the lists of attacks" skeleton={<BlockSkeleton height={64} />}>
        {days => (
          <>
            <ThreatListFacts lists={days} />
            {(days.kev === null || days.epss === null) && (
              <Note>
                <Muted>{copy.noThreatListText}</Muted>
              </Note>
            )}
          </>
        )}
      </QueryPanel>
    </Section>
  )
}
