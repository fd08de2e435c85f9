import { styled } from '@mui/material/styles'
import type { DatabaseRead, FeedUsed, ImageDetail } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { trpc } from '../../app/trpc.ts'
import { useNow } from '../../lib/clock.ts'
import { ecosystemName } from '../../lib/names.ts'
import { count, counted } from '../../lib/quantity.ts'
import { updatesText } from '../../lib/support.ts'
import { AsOf } from '../../ui/as-of.tsx'
import { ShortCode } from '../../ui/code.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { FactList } from '../../ui/facts.tsx'
import { Muted, Section } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { ThreatListFacts } from '../../ui/threat-lists.tsx'
import { ledgerCopy } from './copy.ts'
import { LayerName } from './layer-name.tsx'
import { Reasons } from './reasons.tsx'

const Part = styled('div')({ maxWidth: 960 })

/** The whole ledger: what the image is, what of it was read, what was not and why, and what it was compared with. */
export function Coverage({ image }: { image: ImageDetail }) {
  const { reasons } = image.coverageLedger
  // Of an image that was never looked into, nothing was found and nothing was missing.
  const looked =
    image.coverage === 'complete' ||
    image.coverage === 'partial' ||
    reasons.some(reason => reason.code === 'nothing-to-read')
  return (
    <Part>
      <p style={{ margin: '8px 0 0' }}>{ledgerCopy.status[image.coverage]}</p>
      {looked && (
        <Section id="release" title={ledgerCopy.release}>
          <ReleaseFacts image={image} />
        </Section>
      )}
      {(looked || reasons.length > 0) && (
        <Section id="missing" title={ledgerCopy.missing}>
          {reasons.length === 0 ? (
            <Muted>{ledgerCopy.nothingMissing}</Muted>
          ) : (
            <Reasons image={image} reasons={reasons} />
          )}
        </Section>
      )}
      {looked && <Databases image={image} />}
      {looked && <Feeds image={image} />}
      <Section id="lists" title={ledgerCopy.lists}>
        <Lists />
      </Section>
    </Part>
  )
}

function Databases({ image }: { image: ImageDetail }) {
  const { databases } = image.coverageLedger
  const unread = databases.reduce((sum, { unreadCopies }) => sum + unreadCopies, 0)
  return (
    <Section id="databases" title={ledgerCopy.databases}>
      {databases.length === 0 ? (
        <Muted>{image.packageCount === 0 ? ledgerCopy.noDatabase : ledgerCopy.databasesNotNoted}</Muted>
      ) : (
        <DataTable
          caption={ledgerCopy.databases}
          columns={databaseColumns(image)}
          rows={databases}
          rowKey={row => `${row.ecosystem} ${row.path}`}
        />
      )}
      {unread > 0 && (
        <p style={{ margin: '8px 0 0', fontSize: '0.8125rem' }}>
          <Muted>
            {counted(unread, 'copy', 'copies')} {ledgerCopy.unreadCopies}
          </Muted>
        </p>
      )}
    </Section>
  )
}

const Feeds = ({
  image: {
    coverageLedger: { feeds },
  },
}: {
  image: ImageDetail
}) => (
  <Section id="feeds" title={ledgerCopy.feeds}>
    {feeds.length === 0 ? (
      <Muted>{ledgerCopy.noFeed}</Muted>
    ) : (
      <DataTable caption={ledgerCopy.feeds} columns={feedColumns} rows={feeds} rowKey={row => row.feed} />
    )}
  </Section>
)

/** Lists of attacks say nothing of the image, but what a finding says of attacks is worth as much as they are. */
function Lists() {
  const lists = useQuery(trpc.advisories.threatLists.queryOptions())
  return (
    <QueryPanel query={lists} what="the lists of attacks" skeleton={<BlockSkeleton height={64} />}>
      {days => <ThreatListFacts lists={days} />}
    </QueryPanel>
  )
}

function ReleaseFacts({ image }: { image: ImageDetail }) {
  const now = useNow()
  const { release } = image.coverageLedger
  if (image.distro === null && release === null) return <Muted>{ledgerCopy.noDistribution}</Muted>
  if (release === null) {
    return (
      <FactList
        facts={[
          { label: 'Distribution', value: image.distro?.prettyName },
          { label: 'Release', value: ledgerCopy.unknownRelease },
        ]}
      />
    )
  }
  const { endOfLifeOn, extendedUntil } = release
  return (
    <FactList
      facts={[
        { label: 'Distribution', value: image.distro?.prettyName },
        { label: 'Release', value: release.name },
        {
          label: 'Advisories',
          value: release.supported ? ledgerCopy.supported : ledgerCopy.notSupported,
        },
        {
          label: 'Free updates',
          value:
            endOfLifeOn === null ? <Muted>{ledgerCopy.noEndKnown}</Muted> : updatesText(endOfLifeOn, now),
        },
        {
          label: 'Paid updates',
          value: extendedUntil && `${updatesText(extendedUntil.on, now)} (${extendedUntil.channel})`,
        },
      ]}
    />
  )
}

const databaseColumns = ({ layers }: ImageDetail): readonly Column<DatabaseRead>[] => [
  { id: 'path', header: 'File', cell: row => <ShortCode text={`/${row.path}`} maxLength={48} /> },
  { id: 'ecosystem', header: 'Kind', cell: row => ecosystemName(row.ecosystem) },
  { id: 'packages', header: 'Packages', align: 'right', cell: row => count(row.packages) },
  { id: 'layer', header: 'Layer', cell: row => <LayerName layers={layers} diffId={row.layer} /> },
]

const feedColumns: readonly Column<FeedUsed>[] = [
  { id: 'feed', header: 'Feed', cell: row => row.feed },
  { id: 'advisories', header: 'Advisories', align: 'right', cell: row => count(row.advisories) },
  {
    id: 'as-of',
    header: 'Newest record',
    cell: row => (row.asOf === null ? <Muted>Unknown</Muted> : <AsOf at={row.asOf} />),
  },
]
