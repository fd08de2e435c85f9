import type { RegistrySummary } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { useAddressParams } from '../../app/address-params.ts'
import { paths } from '../../app/paths.ts'
import { useScope } from '../../app/scope.tsx'
import { trpc } from '../../app/trpc.ts'
import { exportPath } from '../../lib/export-path.ts'
import { scannedImages } from '../../lib/image-counts.ts'
import { count } from '../../lib/quantity.ts'
import { withParam } from '../../lib/search-params.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { DownloadLink } from '../../ui/download-link.tsx'
import { HealthLabel } from '../../ui/health.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { NothingInScope } from '../../ui/nothing-in-scope.tsx'
import { OpenFindings } from '../../ui/open-findings.tsx'
import { Muted, Section } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { Ratio } from '../../ui/ratio.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { Toolbar } from '../../ui/toolbar.ts'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { When } from '../../ui/when.tsx'
import { copy } from './copy.ts'
import { foundRegistries } from './found-registries.ts'
import { registryTabs } from './registries-path.ts'

/** The registries by health; what cannot be called healthy or unhealthy stands in the third tab with its reason. */
export function AffectedRegistries() {
  const scope = useScope()
  const registries = useQuery(trpc.registries.list.queryOptions({ scope }))
  const [params, setParams] = useAddressParams()
  const sought = params.get('registry') ?? ''
  const shown = registryTabs.find(tab => tab === params.get('registries')) ?? 'unhealthy'
  return (
    <Section id="registries" title={copy.registries} collapsible>
      <QueryPanel
        query={registries}
        what="the registries"
        skeleton={<TableSkeleton rows={3} rowHeight={41} />}
      >
        {every => {
          if (every.length === 0) {
            return (
              <NothingInScope what={copy.noRegistryInScope}>
                <Muted>{copy.noRegistry}</Muted>
              </NothingInScope>
            )
          }
          const all = foundRegistries(every, sought)
          const none = sought === '' ? copy : { ...copy, ...noneFound }
          const unhealthy = all.filter(registry => registry.health === 'unhealthy')
          const healthy = all.filter(registry => registry.health === 'healthy')
          const others = all.filter(
            registry => registry.health !== 'unhealthy' && registry.health !== 'healthy',
          )
          return (
            <>
              <Toolbar>
                <SearchField
                  label={copy.searchRegistries}
                  value={sought}
                  onChange={(text, complete) =>
                    setParams(withParam(params, 'registry', text.trim() || null), {
                      replace: !complete,
                      preventScrollReset: true,
                    })
                  }
                />
                <DownloadLink
                  href={exportPath('registries', { health: shown, q: sought }, scope)}
                  of="the affected registries"
                />
              </Toolbar>
              <UrlTabs
                param="registries"
                label={copy.registries}
                tabs={[
                  { id: 'unhealthy', label: 'Unhealthy registries', total: unhealthy.length },
                  { id: 'healthy', label: 'Healthy registries', total: healthy.length },
                  { id: 'not-applicable', label: 'Not applicable registries', total: others.length },
                ]}
              >
                {tab => {
                  if (tab === 'unhealthy')
                    return <Registries rows={unhealthy} columns={judged} none={none.noUnhealthy} />
                  if (tab === 'healthy')
                    return <Registries rows={healthy} columns={judged} none={none.noHealthy} />
                  return <Registries rows={others} columns={notJudged} none={none.noNotApplicable} />
                }}
              </UrlTabs>
            </>
          )
        }}
      </QueryPanel>
    </Section>
  )
}

const noneFound = {
  noUnhealthy: copy.noRegistryFound,
  noHealthy: copy.noRegistryFound,
  noNotApplicable: copy.noRegistryFound,
}

interface RegistriesProps {
  readonly rows: readonly RegistrySummary[]
  readonly columns: readonly Column<RegistrySummary>[]
  readonly none: string
}

const Registries = ({ rows, columns, none }: RegistriesProps) =>
  rows.length === 0 ? (
    <p style={{ margin: '8px 0' }}>
      <Muted>{none}</Muted>
    </p>
  ) : (
    <DataTable caption={copy.registries} columns={columns} rows={rows} rowKey={row => row.id} />
  )

const name: Column<RegistrySummary> = {
  id: 'name',
  header: 'Name',
  cell: row => (
    <NavLink to={paths.registry(row.id)} data-row-link="">
      {row.name}
    </NavLink>
  ),
}
const subscription: Column<RegistrySummary> = {
  id: 'subscription',
  header: 'Subscription',
  cell: row => row.subscription.name,
}
const scanned: Column<RegistrySummary> = {
  id: 'scanned',
  header: 'Scanned images',
  align: 'right',
  cell: row => count(scannedImages(row.images)),
}
const lastScan: Column<RegistrySummary> = {
  id: 'last-scan',
  header: 'Last scan',
  cell: row => <When at={row.lastScannedAt} />,
}

const judged: readonly Column<RegistrySummary>[] = [
  name,
  subscription,
  scanned,
  {
    id: 'vulnerable',
    header: 'Vulnerable images',
    cell: row => (
      <Ratio
        part={row.images.unhealthy}
        whole={scannedImages(row.images)}
        to={paths.imagesOf({ registryId: row.id, health: 'unhealthy' })}
        what="vulnerable image"
      />
    ),
  },
  {
    id: 'findings',
    header: 'Open findings',
    cell: row => <OpenFindings images={row.images} findings={row.findings} within={{ registryId: row.id }} />,
  },
  lastScan,
]

const notJudged: readonly Column<RegistrySummary>[] = [
  name,
  subscription,
  { id: 'health', header: 'Result', cell: row => <HealthLabel health={row.health} /> },
  { id: 'reason', header: 'Reason', cell: row => row.healthReason ?? <Muted>None given</Muted> },
  lastScan,
]
