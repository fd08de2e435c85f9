import type { RegistrySummary } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { paths } from '../../app/paths.ts'
import { trpc } from '../../app/trpc.ts'
import { scannedImages } from '../../lib/image-counts.ts'
import { count } from '../../lib/quantity.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { HealthLabel } from '../../ui/health.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { OpenFindings } from '../../ui/open-findings.tsx'
import { Muted, PageHeader } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { Ratio } from '../../ui/ratio.tsx'
import { SetupSteps } from '../../ui/setup-steps.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { When } from '../../ui/when.tsx'
import { registryKindText } from '../registry/copy.ts'

export function RegistriesPage() {
  const registries = useQuery(trpc.registries.list.queryOptions())
  return (
    <>
      <PageHeader title="Registries" />
      <QueryPanel query={registries} what="the registries" skeleton={<TableSkeleton rows={3} />}>
        {rows =>
          rows.length === 0 ? (
            <SetupSteps />
          ) : (
            <DataTable caption="Registries" columns={columns} rows={rows} rowKey={row => row.id} />
          )
        }
      </QueryPanel>
    </>
  )
}

const columns: readonly Column<RegistrySummary>[] = [
  {
    id: 'name',
    header: 'Registry',
    cell: row => (
      <>
        <NavLink to={paths.registry(row.id)} data-row-link="">
          {row.name}
        </NavLink>
        <br />
        <Muted>{row.connectionError ?? row.url ?? registryKindText[row.kind]}</Muted>
      </>
    ),
  },
  { id: 'subscription', header: 'Subscription', cell: row => row.subscription.name },
  {
    id: 'health',
    header: 'Health',
    cell: row => <HealthLabel health={row.health} reason={row.healthReason} />,
  },
  { id: 'repositories', header: 'Repositories', align: 'right', cell: row => count(row.repositories) },
  {
    id: 'vulnerable',
    header: 'Vulnerable images',
    cell: row => <Ratio part={row.images.unhealthy} whole={scannedImages(row.images)} />,
  },
  {
    id: 'findings',
    header: 'Open findings',
    cell: row => <OpenFindings images={row.images} findings={row.findings} />,
  },
  { id: 'pushed', header: 'Last push', cell: row => <When at={row.lastPushedAt} /> },
  { id: 'scanned', header: 'Last scan', cell: row => <When at={row.lastScannedAt} /> },
]
