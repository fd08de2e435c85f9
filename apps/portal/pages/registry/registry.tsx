import type { Health, RegistryDetail, RepositorySummary } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router-dom'
import { useAddressParams } from '../../app/address-params.ts'
import { paths } from '../../app/paths.ts'
import { useMayChange } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { allImages, scannedImages } from '../../lib/image-counts.ts'
import { count } from '../../lib/quantity.ts'
import { registryKindText } from '../../lib/registry-kind.ts'
import { withParam } from '../../lib/search-params.ts'
import { totalOf } from '../../lib/severity.ts'
import { CodeBlock } from '../../ui/code.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { FactStrip } from '../../ui/facts.tsx'
import { HealthLabel } from '../../ui/health.tsx'
import { HealthLinks, readHealth } from '../../ui/health-links.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { contentFacts, OpenFindings } from '../../ui/open-findings.tsx'
import { Muted, PageHeader, Prose, Section } from '../../ui/page.tsx'
import { Pushed } from '../../ui/pushed.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { Ratio } from '../../ui/ratio.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { SeverityCountsCell } from '../../ui/severity.tsx'
import { BlockSkeleton, TableSkeleton } from '../../ui/skeleton.tsx'
import { Toolbar } from '../../ui/toolbar.ts'
import { VisuallyHidden } from '../../ui/visually-hidden.ts'
import { When } from '../../ui/when.tsx'
import { copy } from './copy.ts'
import { NewSecret } from './new-secret.tsx'
import { RegistryActions } from './registry-actions.tsx'
import { RegistryNotices } from './registry-notices.tsx'

export function RegistryPage() {
  const { registryId = '' } = useParams()
  const registry = useQuery(trpc.registries.get.queryOptions({ registryId }))
  const mayChange = useMayChange()
  const repositories = useQuery(trpc.repositories.list.queryOptions({ registryId }))
  return (
    <>
      <PageHeader
        title={registry.data?.name ?? 'Registry'}
        trail={[{ label: 'Registries', to: paths.registries }]}
        actions={mayChange && registry.data && <RegistryActions registry={registry.data} />}
      >
        <QueryPanel query={registry} what="this registry" skeleton={<BlockSkeleton height={56} />}>
          {data => <RegistryFacts registry={data} />}
        </QueryPanel>
      </PageHeader>
      {registry.data && <RegistryNotices registry={registry.data} />}
      {!(registry.isError && registry.data === undefined) && (
        <Section id="repositories" title={copy.repositories}>
          <QueryPanel query={repositories} what="the repositories" skeleton={<TableSkeleton rows={5} />}>
            {rows =>
              rows.length === 0 ? (
                <Notice title={copy.noRepositories}>
                  <p>{copy.noRepositoriesText}</p>
                </Notice>
              ) : (
                <Repositories all={rows} />
              )
            }
          </QueryPanel>
        </Section>
      )}
      {registry.data?.webhook && (
        <Section
          id="notifications"
          title={copy.notifications}
          aside={registry.data.webhook.hasSecret && <NewSecret registry={registry.data} />}
        >
          <Prose>
            <p>
              <Muted>{copy.notificationsText}</Muted>
            </p>
            {registry.data.webhook.steps.map(({ text, code }) => (
              <div key={text}>
                <p>{text}</p>
                {code !== null && <CodeBlock text={code} what="block" />}
              </div>
            ))}
          </Prose>
        </Section>
      )}
    </>
  )
}

/** The repositories of one state of health, or of all, that a search finds. */
function Repositories({ all }: { all: readonly RepositorySummary[] }) {
  const [params, setParams] = useAddressParams()
  const q = params.get('q') ?? ''
  const found = all.filter(({ name }) => name.toLowerCase().includes(q.trim().toLowerCase()))
  const numberOf = (health: Health) => found.filter(row => row.health === health).length
  const chosen = readHealth(params)
  const rows = chosen === undefined ? found : found.filter(row => row.health === chosen)
  return (
    <>
      <Toolbar>
        <SearchField
          label={copy.search}
          value={q}
          onChange={(text, complete) =>
            setParams(withParam(params, 'q', text.trim() || null), {
              replace: !complete,
              preventScrollReset: true,
            })
          }
        />
        <HealthLinks label={copy.byHealth} numberOf={numberOf} all={found.length} chosen={chosen} />
      </Toolbar>
      {rows.length === 0 ? (
        <Muted role="status">{copy.noMatch}</Muted>
      ) : (
        <DataTable caption={copy.repositories} columns={columns} rows={rows} rowKey={row => row.name} />
      )}
    </>
  )
}

function RegistryFacts({ registry }: { registry: RegistryDetail }) {
  return (
    <FactStrip
      facts={[
        { label: 'Health', value: <HealthLabel health={registry.health} reason={registry.healthReason} /> },
        ...contentFacts(registry, { registryId: registry.id }),
        ...(totalOf(registry.vulnerableImages) === 0
          ? []
          : [
              {
                label: 'Vulnerable images by severity',
                value: (
                  <SeverityCountsCell
                    counts={registry.vulnerableImages}
                    to={worst => paths.imagesOf({ registryId: registry.id, worst })}
                  />
                ),
              },
            ]),
        { label: 'Last push', value: <Pushed at={registry.lastPushedAt} told={registry.lastPushTold} /> },
        { label: 'Last scan', value: <When at={registry.lastScannedAt} /> },
        ...(registry.kind === 'demonstration' ? [] : lastHeard(registry)),
        {
          label: 'Subscription',
          value: (
            <NavLink to={paths.subscription(registry.subscription.id)}>{registry.subscription.name}</NavLink>
          ),
        },
        ...(registry.resourceGroup === null
          ? []
          : [{ label: 'Resource group', value: registry.resourceGroup }]),
        { label: 'Kind', value: registryKindText[registry.kind] },
        ...(registry.url === null ? [] : [{ label: 'Address', value: registry.url }]),
      ]}
    />
  )
}

/** When it last told of something, and when it was last asked. */
const lastHeard = ({ lastEventAt, reconciledAt }: RegistryDetail) => [
  { label: 'Last event', value: <When at={lastEventAt} never="None yet" /> },
  { label: 'Last gone over', value: <When at={reconciledAt} never="Not yet" /> },
]

const columns: readonly Column<RepositorySummary>[] = [
  {
    id: 'name',
    header: 'Repository',
    cell: row => (
      <NavLink to={paths.repository(row.registryId, row.name)} data-row-link="">
        {row.name}
      </NavLink>
    ),
  },
  {
    id: 'health',
    header: 'Health',
    cell: row => <HealthLabel health={row.health} reason={row.healthReason} />,
  },
  {
    id: 'images',
    header: 'Images',
    align: 'right',
    cell: row => (
      <NavLink to={paths.imagesOf({ registryId: row.registryId, repository: row.name })}>
        {count(allImages(row.images))}
        <VisuallyHidden> {allImages(row.images) === 1 ? 'image' : 'images'}</VisuallyHidden>
      </NavLink>
    ),
  },
  {
    id: 'vulnerable',
    header: 'Vulnerable images',
    cell: row => (
      <Ratio
        part={row.images.unhealthy}
        whole={scannedImages(row.images)}
        to={paths.imagesOf({ registryId: row.registryId, repository: row.name, health: 'unhealthy' })}
        what="vulnerable image"
      />
    ),
  },
  {
    id: 'findings',
    header: 'Open findings',
    cell: row => (
      <OpenFindings
        images={row.images}
        findings={row.findings}
        within={{ registryId: row.registryId, repository: row.name }}
      />
    ),
  },
  {
    id: 'pushed',
    header: 'Last push',
    cell: row => <Pushed at={row.lastPushedAt} told={row.lastPushTold} />,
  },
  { id: 'scanned', header: 'Last scan', cell: row => <When at={row.lastScannedAt} /> },
]
