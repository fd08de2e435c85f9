import Button from '@mui/material/Button'
import type { RegistrySummary } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { paths } from '../../app/paths.ts'
import { useScope } from '../../app/scope.tsx'
import { Link } from '../../app/scoped-link.tsx'
import { useMayConnect } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { whyNotConnect } from '../../lib/may-connect.ts'
import { registryKindText } from '../../lib/registry-kind.ts'
import { Badge } from '../../ui/badge.tsx'
import { Code } from '../../ui/code.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Icon } from '../../ui/icon.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { NothingInScope } from '../../ui/nothing-in-scope.tsx'
import { Muted, PageHeader, Prose } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { SetupSteps } from '../../ui/setup-steps.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.ts'
import { When } from '../../ui/when.tsx'
import { copy } from './copy.ts'

/** How each registry is reached: the settings' view of registries. */
export function ConnectedRegistriesPage() {
  const may = useMayConnect()
  const scope = useScope()
  const registries = useQuery(trpc.registries.list.queryOptions({ scope }))
  return (
    <>
      <PageHeader
        title={copy.connected}
        trail={[{ label: 'Settings', to: paths.settings }]}
        actions={
          may === 'granted' && (
            <Button component={Link} to={paths.newRegistry} startIcon={<Icon name="plus" size={14} />}>
              {copy.connect}
            </Button>
          )
        }
      >
        <Prose style={{ marginTop: 4 }}>
          <Muted>
            {copy.connectedIntro} {may !== 'granted' && whyNotConnect[may]}
          </Muted>
        </Prose>
      </PageHeader>
      <QueryPanel query={registries} what="the registries" skeleton={<TableSkeleton rows={3} />}>
        {rows =>
          rows.length === 0 ? (
            <NothingInScope what={copy.noneInScope}>
              <SetupSteps />
            </NothingInScope>
          ) : (
            <DataTable
              caption={copy.connected}
              columns={may === 'granted' ? [...facts, change] : facts}
              rows={rows}
              rowKey={row => row.id}
            />
          )
        }
      </QueryPanel>
    </>
  )
}

const facts: readonly Column<RegistrySummary>[] = [
  {
    id: 'name',
    header: 'Registry',
    cell: row => (
      <NavLink to={paths.registry(row.id)} data-row-link="">
        {row.name}
      </NavLink>
    ),
  },
  { id: 'address', header: 'Address', cell: row => row.url && <Code>{row.url}</Code> },
  { id: 'kind', header: 'Kind', cell: row => registryKindText[row.kind] },
  {
    id: 'subscription',
    header: 'Subscription',
    cell: row => (
      <>
        <NavLink to={paths.subscription(row.subscription.id)}>{row.subscription.name}</NavLink>
        {row.plan === 'off' && <Badge sx={{ ml: 1 }}>Plan off</Badge>}
        {row.resourceGroup !== null && (
          <>
            <br />
            <Muted>{row.resourceGroup}</Muted>
          </>
        )}
      </>
    ),
  },
  { id: 'connection', header: 'Connection', cell: row => <Connection registry={row} /> },
  {
    id: 'reconciled',
    header: 'Last gone over',
    cell: row =>
      row.kind === 'demonstration' ? <Muted>–</Muted> : <When at={row.reconciledAt} never="Not yet" />,
  },
]

const change: Column<RegistrySummary> = {
  id: 'change',
  header: 'Change',
  hideHeader: true,
  align: 'right',
  cell: row =>
    row.kind !== 'demonstration' && (
      <NavLink to={paths.editRegistry(row.id)}>
        Change<VisuallyHidden> {row.name}</VisuallyHidden>
      </NavLink>
    ),
}

const Connection = ({ registry }: { registry: RegistrySummary }) =>
  registry.connectionError === null ? (
    <Muted>{connectionText(registry)}</Muted>
  ) : (
    <span style={{ display: 'inline-block', maxWidth: '52ch' }}>
      <Icon name="caution" size={14} /> {registry.connectionError}
    </span>
  )

/** The samples of the demonstration are read from the data folder; there is nothing to connect. */
const connectionText = ({ kind, reconciledAt }: RegistrySummary): string =>
  kind === 'demonstration' ? copy.demonstration : reconciledAt === null ? copy.notYet : copy.works
