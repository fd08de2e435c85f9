import Button from '@mui/material/Button'
import type { RegistrySummary } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { useAddressParams } from '../../app/address-params.ts'
import { paths } from '../../app/paths.ts'
import { useScope } from '../../app/scope.tsx'
import { Link } from '../../app/scoped-link.tsx'
import { useMayConnect } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { scannedImages } from '../../lib/image-counts.ts'
import { count } from '../../lib/quantity.ts'
import { registryKindText } from '../../lib/registry-kind.ts'
import { withParam } from '../../lib/search-params.ts'
import { Badge } from '../../ui/badge.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { ActionLine } from '../../ui/form-parts.ts'
import { HealthLabel } from '../../ui/health.tsx'
import { Icon } from '../../ui/icon.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { NothingInScope, OnlyInScope } from '../../ui/nothing-in-scope.tsx'
import { Notice } from '../../ui/notice.tsx'
import { OpenFindings } from '../../ui/open-findings.tsx'
import { Muted, PageHeader } from '../../ui/page.tsx'
import { Pill } from '../../ui/pill.tsx'
import { Pushed } from '../../ui/pushed.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { Ratio } from '../../ui/ratio.tsx'
import { SetupSteps } from '../../ui/setup-steps.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.ts'
import { When } from '../../ui/when.tsx'
import { copy } from './copy.ts'

/** Every connected registry, or those of one subscription. */
export function RegistriesPage() {
  const [params, setParams] = useAddressParams()
  const scope = useScope()
  const registries = useQuery(trpc.registries.list.queryOptions({ scope }))
  const may = useMayConnect()
  const subscriptionId = params.get('sub') || undefined
  return (
    <>
      <PageHeader
        title={copy.title}
        actions={
          may === 'granted' && (
            <Button component={Link} to={paths.newRegistry} startIcon={<Icon name="plus" size={14} />}>
              {copy.connect}
            </Button>
          )
        }
      />
      <QueryPanel query={registries} what="the registries" skeleton={<TableSkeleton rows={3} />}>
        {all => {
          if (all.length === 0) {
            return (
              <NothingInScope what={copy.noneInScope}>
                <SetupSteps />
              </NothingInScope>
            )
          }
          const rows = all.filter(
            each => subscriptionId === undefined || each.subscription.id === subscriptionId,
          )
          return (
            <>
              {subscriptionId !== undefined && (
                <ActionLine sx={{ mb: 1 }}>
                  <Pill
                    label="Subscription"
                    value={rows[0]?.subscription.name ?? subscriptionId}
                    onClear={() => setParams(withParam(params, 'sub', null))}
                  />
                </ActionLine>
              )}
              {rows.length === 0 ? (
                <Notice title={copy.noneHere}>
                  <p>{copy.noneHereText}</p>
                  <OnlyInScope />
                </Notice>
              ) : (
                <DataTable caption={copy.title} columns={columns} rows={rows} rowKey={row => row.id} />
              )}
            </>
          )
        }}
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
        {row.plan === 'off' && <Badge sx={{ ml: 1 }}>Plan off</Badge>}
        <br />
        <Muted>{row.connectionError ?? placeText(row)}</Muted>
      </>
    ),
  },
  { id: 'subscription', header: 'Subscription', cell: row => row.subscription.name },
  {
    id: 'health',
    header: 'Health',
    cell: row => <HealthLabel health={row.health} reason={row.healthReason} />,
  },
  {
    id: 'repositories',
    header: 'Repositories',
    align: 'right',
    cell: row =>
      row.repositories === 0 ? (
        '0'
      ) : (
        <NavLink to={`${paths.registry(row.id)}#repositories`}>
          {count(row.repositories)}
          <VisuallyHidden> {row.repositories === 1 ? 'repository' : 'repositories'}</VisuallyHidden>
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
  {
    id: 'pushed',
    header: 'Last push',
    cell: row => <Pushed at={row.lastPushedAt} told={row.lastPushTold} />,
  },
  { id: 'scanned', header: 'Last scan', cell: row => <When at={row.lastScannedAt} /> },
]

const placeText = ({ kind, url }: RegistrySummary): string =>
  url === null ? registryKindText[kind] : `${registryKindText[kind]}, ${url}`
