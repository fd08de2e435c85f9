import { styled } from '@mui/material/styles'
import type { Health, RegistrySummary, Severity } from '@plimsoll/types'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useAddressParams } from '../../app/address-params.ts'
import { useScope } from '../../app/scope.tsx'
import { trpc } from '../../app/trpc.ts'
import { imageName } from '../../lib/names.ts'
import { readOccurrence } from '../../lib/occurrence.ts'
import { readPage, withPage, withSize } from '../../lib/page-params.ts'
import { counted } from '../../lib/quantity.ts'
import { withParam } from '../../lib/search-params.ts'
import { severities } from '../../lib/severity.ts'
import { ChoicePill } from '../../ui/choice-pill.tsx'
import { healthText } from '../../ui/health.tsx'
import { IgnoredFilters } from '../../ui/ignored-filters.tsx'
import { ImageTable } from '../../ui/image-table.tsx'
import { NothingInScope, OnlyInScope } from '../../ui/nothing-in-scope.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page.tsx'
import { Paging } from '../../ui/paging.tsx'
import { Pill } from '../../ui/pill.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'

const Toolbar = styled('div')({
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  gap: 8,
  paddingBottom: 8,
  fontSize: '0.8125rem',
})

const isHealth = (text: string | null): text is Health => text !== null && Object.hasOwn(healthText, text)
const severityChoices = Object.fromEntries(severities.map(each => [each, each])) as Record<Severity, Severity>

/** Every image in scope, or those of one result: where the numbers of images lead. */
export function ImagesPage() {
  const [params, setParams] = useAddressParams()
  const scope = useScope()
  const asked = params.get('health')
  const health = isHealth(asked) ? asked : undefined
  const worst = severities.find(each => each.toLowerCase() === params.get('worst'))
  const subscriptionId = params.get('sub') || undefined
  const registryId = params.get('reg') || undefined
  const repository = (registryId && params.get('repo')) || undefined
  const askedBase = params.get('outdated-base')
  const outdatedBase = readOccurrence(askedBase)
  const { page, size } = readPage(params)
  const registries = useQuery({
    ...trpc.registries.list.queryOptions(),
    enabled: registryId !== undefined || subscriptionId !== undefined,
  })
  const images = useQuery({
    ...trpc.images.list.queryOptions({
      scope,
      health,
      worst,
      outdatedBase,
      subscriptionId,
      registryId,
      repository,
      page,
      size,
    }),
    placeholderData: keepPreviousData,
  })
  const isFiltered = (health ?? worst ?? outdatedBase ?? subscriptionId ?? registryId) !== undefined
  const filterBy = (name: string, value: string | undefined) =>
    setParams(withPage(withParam(params, name, value ?? null), 1))
  return (
    <>
      <PageHeader title="Images" />
      <Toolbar>
        <ChoicePill
          label="Result"
          choices={healthText}
          value={health}
          onChange={next => filterBy('health', next)}
        />
        <ChoicePill
          label="Worst finding"
          choices={severityChoices}
          value={worst}
          onChange={next => filterBy('worst', next?.toLowerCase())}
        />
        {outdatedBase !== undefined && (
          <Pill
            label="Outdated base image"
            value={imageName({ ...outdatedBase, tags: [] })}
            onClear={() => filterBy('outdated-base', undefined)}
          />
        )}
        {subscriptionId !== undefined && (
          <Pill
            label="Subscription"
            value={subscriptionName(registries.data, subscriptionId)}
            onClear={() => filterBy('sub', undefined)}
          />
        )}
        {registryId !== undefined && (
          <Pill
            label="Registry"
            value={registries.data?.find(each => each.id === registryId)?.name ?? registryId}
            onClear={() => setParams(withPage(withParam(withParam(params, 'reg', null), 'repo', null), 1))}
          />
        )}
        {repository !== undefined && (
          <Pill label="Repository" value={repository} onClear={() => filterBy('repo', undefined)} />
        )}
        <span role="status">{images.data && counted(images.data.total, 'image')}</span>
      </Toolbar>
      <IgnoredFilters
        ignored={
          outdatedBase === undefined && askedBase !== null ? [`outdated-base=${askedBase.slice(0, 80)}`] : []
        }
      />
      <QueryPanel query={images} what="the images" skeleton={<TableSkeleton rows={8} />}>
        {({ rows, total }) => (
          <>
            {total > 0 ? (
              <ImageTable rows={rows} busy={images.isPlaceholderData} named />
            ) : isFiltered ? (
              <Notice title="No image matches these filters">
                <OnlyInScope />
              </Notice>
            ) : (
              <NothingInScope what="No image is in it.">
                <Notice title="No image is here" />
              </NothingInScope>
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

/** Images of a subscription are in one of its registries, which knows its name. */
const subscriptionName = (registries: readonly RegistrySummary[] | undefined, id: string): string =>
  registries?.find(each => each.subscription.id === id)?.subscription.name ?? id
