import type { ImageDetail } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { useParams, useSearchParams } from 'react-router-dom'
import { paths } from '../../app/paths.ts'
import { trpc } from '../../app/trpc.ts'
import { FindingList } from '../../finding/finding-list.tsx'
import { shortDigest } from '../../lib/digest.ts'
import { imageName } from '../../lib/names.ts'
import { openTotal } from '../../lib/severity.ts'
import { Notice } from '../../ui/notice.tsx'
import { Muted, PageHeader } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton, TableSkeleton } from '../../ui/skeleton.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { copy, packagesSentence } from './copy.ts'
import { CoverageLedger } from './coverage-ledger.tsx'
import { ImageFacts } from './image-facts.tsx'
import { Layers } from './layers.tsx'
import { Packages } from './packages.tsx'
import { RequestScan, ScanState } from './scan-state.tsx'
import { Scans } from './scans.tsx'

/** One image in one repository: what it is, how far it was read, what was found. */
export function ImagePage() {
  const { registryId = '', digest = '' } = useParams()
  const [params] = useSearchParams()
  const occurrence = { registryId, repository: params.get('repo') ?? '', digest }
  const query = useQuery(trpc.images.get.queryOptions(occurrence))
  const image = query.data
  const title = imageName(image ?? { ...occurrence, tags: [] })
  return (
    <>
      <PageHeader
        title={title}
        documentTitle={image ? `${title} - ${image.registryName}` : title}
        trail={[
          { label: 'Registries', to: paths.registries },
          { label: image?.registryName ?? 'Registry', to: paths.registry(registryId) },
          { label: occurrence.repository, to: paths.repository(registryId, occurrence.repository) },
        ]}
        actions={image && image.deletedAt === null && <RequestScan image={image} />}
      >
        {image && <ImageFacts image={image} />}
      </PageHeader>
      <QueryPanel
        query={query}
        what={`the image ${shortDigest(digest)}`}
        skeleton={
          <>
            <BlockSkeleton height={120} />
            <TableSkeleton rows={10} />
          </>
        }
      >
        {data => <Content image={data} />}
      </QueryPanel>
    </>
  )
}

/** Parameters of the lists in the tabs; another tab has no use for them. */
const listParams = ['q', 'sev', 'fix', 'class', 'sort', 'page', 'size'] as const

function Content({ image }: { image: ImageDetail }) {
  const { registryId, repository, digest, findings, packageCount, layers } = image
  const within = { registryId, repository, digest }
  // A number is a claim; of an image that was not read there is none.
  const total = (number: number) => (wasRead(image) ? number : undefined)
  return (
    <>
      <ScanState image={image} />
      <CoverageLedger image={image} />
      <div style={{ marginTop: 20 }}>
        <UrlTabs
          param="tab"
          label="Of this image"
          drops={listParams}
          tabs={[
            { id: 'findings', label: 'Findings', total: total(openTotal(findings)) },
            { id: 'disabled', label: 'Disabled findings', total: total(findings.disabled) },
            { id: 'packages', label: 'Packages', total: total(packageCount) },
            { id: 'layers', label: 'Layers', total: total(layers.length) },
            { id: 'scans', label: 'Scans' },
          ]}
        >
          {tab => {
            if (tab === 'layers') return <Layers layers={layers} />
            if (tab === 'scans') return <Scans occurrence={within} />
            if (!wasRead(image)) return <NoResult />
            if (tab === 'packages') return <Packages occurrence={within} />
            return <Findings key={tab} image={image} disabled={tab === 'disabled'} />
          }}
        </UrlTabs>
      </div>
    </>
  )
}

const wasRead = (image: ImageDetail): boolean => image.coverage === 'complete' || image.coverage === 'partial'

const NoResult = () => (
  <p style={{ margin: '8px 0' }}>
    <Muted>{copy.noResultToList}</Muted>
  </p>
)

/** The findings of one tab; where there is none at all, why, without a search that could find nothing. */
function Findings({ image, disabled }: { image: ImageDetail; disabled: boolean }) {
  const [params] = useSearchParams()
  const { registryId, repository, digest, findings } = image
  const none = disabled ? findings.disabled === 0 : openTotal(findings) === 0
  if (none && !params.has('class')) return <None image={image} disabled={disabled} />
  return (
    <FindingList
      within={{ registryId, repository, digest, status: disabled ? 'disabled' : 'open' }}
      whenNone={<None image={image} disabled={disabled} />}
    />
  )
}

function None({ image, disabled }: { image: ImageDetail; disabled: boolean }) {
  const clean = !disabled && image.health === 'healthy'
  return (
    <div style={{ marginTop: 8 }}>
      <Notice
        title={disabled ? copy.noDisabled : clean ? copy.clean : copy.noFindings}
        icon={clean ? 'check' : 'info'}
      >
        {clean && <p>In {packagesSentence(image)}.</p>}
      </Notice>
    </div>
  )
}
