import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router-dom'
import { paths } from '../../app/paths.ts'
import { useMayChange } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { Notice } from '../../ui/notice.tsx'
import { Muted, PageHeader, Prose } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { copy as rulesCopy } from '../rules/copy.ts'
import { copy } from './copy.ts'
import { draftFrom, emptyDraft } from './rule-draft.ts'
import { RuleForm } from './rule-form.tsx'

/** Creates a disable rule: an empty one, or one that fits the finding named by `from`. */
export function NewRulePage() {
  const mayChange = useMayChange()
  return (
    <>
      <PageHeader title={copy.title} trail={[{ label: rulesCopy.title, to: paths.rules }]}>
        <Prose style={{ marginTop: 4 }}>
          <Muted>{copy.intro}</Muted>
        </Prose>
      </PageHeader>
      {mayChange ? (
        <Draft />
      ) : (
        <Notice title="You cannot create disable rules" icon="rules">
          <p>{rulesCopy.readersCannot}</p>
        </Notice>
      )}
    </>
  )
}

function Draft() {
  const [params] = useSearchParams()
  const from = params.get('from')
  const scopes = useQuery(trpc.scopes.tree.queryOptions())
  const registries = useQuery({ ...trpc.registries.list.queryOptions(), enabled: from !== null })
  const finding = useQuery({ ...trpc.findings.get.queryOptions({ id: from ?? '' }), enabled: from !== null })
  const skeleton = <BlockSkeleton height={560} />
  return (
    <QueryPanel query={scopes} what="the subscriptions" skeleton={skeleton}>
      {tree => {
        const first = tree.subscriptions[0]?.id ?? ''
        if (from === null) return <RuleForm tree={tree} initial={emptyDraft(first)} />
        return (
          <QueryPanel query={finding} what="the finding" skeleton={skeleton}>
            {about => {
              if (registries.isPending) return skeleton
              const registry = registries.data?.find(each => each.id === about.registryId)
              return (
                <RuleForm
                  key={from}
                  tree={tree}
                  initial={draftFrom(about, registry?.subscription.id ?? first)}
                />
              )
            }}
          </QueryPanel>
        )
      }}
    </QueryPanel>
  )
}
