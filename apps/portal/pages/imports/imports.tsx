import type { RegistrySummary } from '@plimsoll/types'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router-dom'
import { useAddressParams } from '../../app/address-params.ts'
import { paths } from '../../app/paths.ts'
import { useScope } from '../../app/scope.tsx'
import { useMayConnect } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { readPage, withPage, withSize } from '../../lib/page-params.ts'
import { NavLink } from '../../ui/nav-link.tsx'
import { NothingInScope } from '../../ui/nothing-in-scope.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted, PageHeader, Prose, Section } from '../../ui/page.tsx'
import { Paging } from '../../ui/paging.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton, TableSkeleton } from '../../ui/skeleton.tsx'
import { copy } from './copy.ts'
import { sourceOf } from './import-draft.ts'
import { ImportForm } from './import-form.tsx'
import { ImportTable } from './import-table.tsx'

/** Copies an image from somewhere into a connected registry; below, how the copies go and went. */
export function ImportsPage() {
  const mayReach = useMayConnect() === 'granted'
  return (
    <>
      <PageHeader title={copy.title} trail={[{ label: 'Settings', to: paths.settings }]}>
        <Prose style={{ marginTop: 4 }}>
          <Muted>{copy.intro}</Muted>
        </Prose>
      </PageHeader>
      {mayReach ? <Draft /> : <Muted>{copy.cannot}</Muted>}
      <History />
    </>
  )
}

function Draft() {
  const registries = useQuery(trpc.registries.list.queryOptions())
  return (
    <QueryPanel query={registries} what="the registries" skeleton={<BlockSkeleton height={360} />}>
      {rows => <FormFor registries={rows} />}
    </QueryPanel>
  )
}

function FormFor({ registries }: { registries: readonly RegistrySummary[] }) {
  const [params] = useSearchParams()
  const targets = registries.filter(each => each.kind !== 'demonstration')
  if (targets.length === 0) {
    return (
      <Notice title={copy.noTarget} icon="registries">
        <p>
          {copy.noTargetText}{' '}
          <NavLink to={paths.newRegistry} underline="always">
            Connect a registry
          </NavLink>
        </p>
      </Notice>
    )
  }
  const from = registries.find(each => each.id === params.get('reg'))
  const source = sourceOf(from?.url ?? null, params.get('repo'), params.get('digest'))
  return (
    <ImportForm
      key={source}
      targets={targets}
      source={source}
      plainHttp={from?.url?.startsWith('http://') ?? false}
    />
  )
}

function History() {
  const [params, setParams] = useAddressParams()
  const { page, size } = readPage(params)
  const scope = useScope()
  const imports = useQuery({
    ...trpc.imports.list.queryOptions({ scope, page, size }),
    placeholderData: keepPreviousData,
    // Its bytes are told by nobody but itself.
    refetchInterval: query =>
      query.state.data?.rows.some(row => row.state === 'queued' || row.state === 'running') ? 1000 : false,
  })
  return (
    <Section id="imports" title={copy.history}>
      <QueryPanel query={imports} what="the imports" skeleton={<TableSkeleton rows={3} />}>
        {({ rows, total }) =>
          total === 0 ? (
            <NothingInScope what={`${copy.none}.`}>
              <Muted>{copy.none}.</Muted>
            </NothingInScope>
          ) : (
            <>
              <ImportTable rows={rows} busy={imports.isPlaceholderData} />
              <Paging
                page={page}
                size={size}
                total={total}
                onPage={each => setParams(withPage(params, each))}
                onSize={each => setParams(withSize(params, each))}
              />
            </>
          )
        }
      </QueryPanel>
    </Section>
  )
}
