import type { ImageDetail } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { useParams, useSearchParams } from 'react-router-dom'
import { paths } from '../../app/paths.ts'
import { trpc } from '../../app/trpc.ts'
import { shortDigest } from '../../lib/digest.ts'
import { imageName } from '../../lib/names.ts'
import { openTotal } from '../../lib/severity.ts'
import { Muted, PageHeader } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton, TableSkeleton } from '../../ui/skeleton.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { copy } from './copy.ts'
import { Coverage } from './coverage.tsx'
import { Explain } from './explain.tsx'
import { ImageActions } from './image-actions.tsx'
import { ImageFacts } from './image-facts.tsx'
import { ImageFindings } from './image-findings.tsx'
import { Layers } from './layers.tsx'
import { Packages } from './packages.tsx'
import { ResultSummary } from './result-summary.tsx'
import { ScanState } from './scan-state.tsx'
import { Scans } from './scans.tsx'
import { listParams } from './tab-search.ts'

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
        actions={image && <ImageActions image={image} />}
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

function Content({ image }: { image: ImageDetail }) {
  const { findings, packageCount, layers } = image
  // A number is a claim; of an image that was not read there is none.
  const read = wasRead(image)
  const total = (number: number) => (read ? number : undefined)
  return (
    <>
      <ScanState image={image} />
      <ResultSummary image={image} />
      {read && <Explain image={image} />}
      <div style={{ marginTop: 20 }}>
        <UrlTabs
          param="tab"
          label="Of this image"
          drops={listParams}
          tabs={[
            { id: 'findings', label: 'Findings', total: total(openTotal(findings)) },
            { id: 'undetermined', label: 'Undetermined', total: total(findings.undetermined) },
            { id: 'disabled', label: 'Disabled findings', total: total(findings.disabled) },
            { id: 'packages', label: 'Packages', total: total(packageCount) },
            { id: 'layers', label: 'Layers', total: total(layers.length) },
            { id: 'coverage', label: 'Coverage' },
            { id: 'scans', label: 'Scans' },
          ]}
        >
          {tab => {
            if (tab === 'layers') return <Layers image={image} />
            if (tab === 'coverage') return <Coverage image={image} />
            if (tab === 'scans') return <Scans image={image} />
            if (!read) return <NoResult />
            if (tab === 'packages') return <Packages image={image} />
            return <ImageFindings key={tab} image={image} status={statusOf[tab]} />
          }}
        </UrlTabs>
      </div>
    </>
  )
}

const statusOf = { findings: 'open', undetermined: 'undetermined', disabled: 'disabled' } as const

const wasRead = (image: ImageDetail): boolean => image.coverage === 'complete' || image.coverage === 'partial'

const NoResult = () => (
  <p style={{ margin: '8px 0' }}>
    <Muted>{copy.noResultToList}</Muted>
  </p>
)
