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
import { PageHeader } from '../../ui/page.tsx'
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
            { id: 'findings', label: 'Findings', total: openTotal(findings) },
            { id: 'disabled', label: 'Disabled findings', total: findings.disabled },
            { id: 'packages', label: 'Packages', total: packageCount },
            { id: 'layers', label: 'Layers', total: layers.length },
            { id: 'scans', label: 'Scans' },
          ]}
        >
          {tab => {
            if (tab === 'packages') return <Packages occurrence={within} />
            if (tab === 'layers') return <Layers layers={layers} />
            if (tab === 'scans') return <Scans occurrence={within} />
            return (
              <FindingList
                key={tab}
                within={{ ...within, status: tab === 'disabled' ? 'disabled' : 'open' }}
                whenNone={<None image={image} disabled={tab === 'disabled'} />}
              />
            )
          }}
        </UrlTabs>
      </div>
    </>
  )
}

function None({ image, disabled }: { image: ImageDetail; disabled: boolean }) {
  if (disabled) return <Notice title={copy.noDisabled} />
  const clean = image.health === 'healthy'
  return (
    <Notice title={clean ? copy.clean : copy.noFindings} icon={clean ? 'check' : 'info'}>
      {clean && <p>In {packagesSentence(image)}.</p>}
    </Notice>
  )
}
