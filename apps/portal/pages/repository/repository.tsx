import type { ImageCounts, RepositorySummary } from '@plimsoll/types'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router-dom'
import { useAddressParams } from '../../app/address-params.ts'
import { paths } from '../../app/paths.ts'
import { useMayChange } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { allImages, imageCountOf } from '../../lib/image-counts.ts'
import { readPage, withPage, withSize } from '../../lib/page-params.ts'
import { FactStrip } from '../../ui/facts.tsx'
import { HealthLabel } from '../../ui/health.tsx'
import { HealthLinks, readHealth } from '../../ui/health-links.tsx'
import { ImageTable } from '../../ui/image-table.tsx'
import { Notice } from '../../ui/notice.tsx'
import { contentFacts } from '../../ui/open-findings.tsx'
import { Muted, PageHeader } from '../../ui/page.tsx'
import { Paging } from '../../ui/paging.tsx'
import { Pushed } from '../../ui/pushed.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton, TableSkeleton } from '../../ui/skeleton.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { When } from '../../ui/when.tsx'
import { copy } from './copy.ts'
import { Rescan } from './rescan.tsx'

export function RepositoryPage() {
  const { registryId = '', '*': name = '' } = useParams()
  const mayChange = useMayChange()
  const repository = useQuery(trpc.repositories.get.queryOptions({ registryId, name }))
  // With the plan off nothing is scanned, and of an emptied one there is nothing to scan.
  const canRescan = mayChange && repository.data?.plan === 'on' && allImages(repository.data.images) > 0
  // How many there are; the list itself is asked for when its tab is opened.
  const superseded = useQuery(
    trpc.images.list.queryOptions({ registryId, repository: name, superseded: true, page: 1, size: 25 }),
  )
  return (
    <>
      <PageHeader
        title={name}
        documentTitle={repository.data ? `${name} - ${repository.data.registryName}` : name}
        trail={[
          { label: 'Registries', to: paths.registries },
          { label: repository.data?.registryName ?? 'Registry', to: paths.registry(registryId) },
        ]}
        actions={canRescan && <Rescan registryId={registryId} repository={name} />}
      >
        <QueryPanel query={repository} what="this repository" skeleton={<BlockSkeleton height={56} />}>
          {data => <RepositoryFacts repository={data} />}
        </QueryPanel>
      </PageHeader>
      {!(repository.isError && repository.data === undefined) && (
        <UrlTabs
          param="images"
          label={copy.images}
          drops={['health', 'page']}
          tabs={[
            { id: 'current', label: copy.images },
            { id: 'superseded', label: copy.superseded, total: superseded.data?.supersededTotal },
          ]}
        >
          {tab => (
            <Images
              registryId={registryId}
              repository={name}
              superseded={tab === 'superseded'}
              counts={repository.data?.images}
            />
          )}
        </UrlTabs>
      )}
    </>
  )
}

function RepositoryFacts({ repository }: { repository: RepositorySummary }) {
  const { registryId, name } = repository
  const holdsNone = allImages(repository.images) === 0
  return (
    <FactStrip
      facts={[
        {
          label: 'Health',
          value: <HealthLabel health={repository.health} reason={repository.healthReason} />,
        },
        ...(holdsNone && repository.healthReason !== null
          ? [{ label: 'Images', value: repository.healthReason }]
          : contentFacts(repository, { registryId, repository: name })),
        { label: 'Last push', value: <Pushed at={repository.lastPushedAt} told={repository.lastPushTold} /> },
        { label: 'Last scan', value: <When at={repository.lastScannedAt} /> },
      ]}
    />
  )
}

interface ImagesProps {
  readonly registryId: string
  readonly repository: string
  readonly superseded: boolean
  /** How many there are by health; of those that are superseded nothing is said. */
  readonly counts: ImageCounts | undefined
}

function Images({ registryId, repository, superseded, counts }: ImagesProps) {
  const [params, setParams] = useAddressParams()
  const { page, size } = readPage(params)
  const health = superseded ? undefined : readHealth(params)
  const images = useQuery({
    ...trpc.images.list.queryOptions({ registryId, repository, health, superseded, page, size }),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      {superseded && (
        <p style={{ margin: '4px 0 8px' }}>
          <Muted>{copy.supersededText}</Muted>
        </p>
      )}
      {!superseded && counts !== undefined && allImages(counts) > 0 && (
        <HealthLinks
          label={copy.byHealth}
          numberOf={each => counts[imageCountOf[each]]}
          all={allImages(counts)}
          chosen={health}
        />
      )}
      <QueryPanel query={images} what="the images" skeleton={<TableSkeleton rows={5} />}>
        {({ rows, total }) => (
          <>
            {total === 0 ? (
              <Notice
                title={
                  superseded ? copy.noneSuperseded : health === undefined ? copy.none : copy.noneOfHealth
                }
              >
                {!superseded && health === undefined && <p>{copy.noneText}</p>}
              </Notice>
            ) : (
              <ImageTable rows={rows} busy={images.isPlaceholderData} />
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
