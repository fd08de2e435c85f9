import { styled } from '@mui/material/styles'
import type { DatabaseRead, FeedUsed, ImageDetail } from '@plimsoll/types'
import { useNow } from '../../lib/clock.ts'
import { ecosystemName } from '../../lib/names.ts'
import { count } from '../../lib/quantity.ts'
import { hasEnded, lastDayText } from '../../lib/support.ts'
import { AsOf } from '../../ui/as-of.tsx'
import { ShortCode } from '../../ui/code.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { FactList } from '../../ui/facts.tsx'
import { Muted, Section } from '../../ui/page.tsx'
import { ledgerCopy } from './copy.ts'
import { LayerName } from './layer-name.tsx'
import { Reasons } from './reasons.tsx'

const Part = styled('div')({ maxWidth: 960 })

/** The whole ledger: what the image is, what of it was read, what was not and why, and what it was compared with. */
export function Coverage({ image }: { image: ImageDetail }) {
  const { reasons, databases, feeds } = image.coverageLedger
  return (
    <Part>
      <p style={{ margin: '8px 0 0' }}>{ledgerCopy.status[image.coverage]}</p>
      <Section id="release" title={ledgerCopy.release}>
        <ReleaseFacts image={image} />
      </Section>
      <Section id="missing" title={ledgerCopy.missing}>
        {reasons.length === 0 ? (
          <Muted>{image.coverage === 'complete' ? ledgerCopy.nothingMissing : '–'}</Muted>
        ) : (
          <Reasons image={image} reasons={reasons} />
        )}
      </Section>
      <Section id="databases" title={ledgerCopy.databases}>
        {databases.length === 0 ? (
          <Muted>{ledgerCopy.noDatabase}</Muted>
        ) : (
          <DataTable
            caption={ledgerCopy.databases}
            columns={databaseColumns(image)}
            rows={databases}
            rowKey={row => `${row.ecosystem} ${row.path}`}
          />
        )}
      </Section>
      <Section id="feeds" title={ledgerCopy.feeds}>
        {feeds.length === 0 ? (
          <Muted>{ledgerCopy.noFeed}</Muted>
        ) : (
          <DataTable caption={ledgerCopy.feeds} columns={feedColumns} rows={feeds} rowKey={row => row.feed} />
        )}
      </Section>
    </Part>
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
  const ended = (day: string) => (hasEnded(day, now) ? 'Ended' : 'Goes on until')
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
            endOfLifeOn === null ? (
              <Muted>{ledgerCopy.noEndKnown}</Muted>
            ) : (
              `${ended(endOfLifeOn)} ${lastDayText(endOfLifeOn, now)}`
            ),
        },
        {
          label: 'Paid updates',
          value:
            extendedUntil &&
            `${ended(extendedUntil.on)} ${lastDayText(extendedUntil.on, now)} (${extendedUntil.channel})`,
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
