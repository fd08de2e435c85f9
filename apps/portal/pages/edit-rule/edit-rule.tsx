import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useParams } from 'react-router-dom'
import { paths } from '../../app/paths.ts'
import { useMayChange } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { copy } from '../../rule/copy.ts'
import { placeRows } from '../../rule/place.ts'
import { draftOfRule } from '../../rule/rule-draft.ts'
import { RuleForm } from '../../rule/rule-form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted, PageHeader, Prose } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { copy as rulesCopy } from '../rules/copy.ts'

/** Saves new values over those of a rule, which the original calls to override it; one that has expired begins anew. */
export function EditRulePage() {
  const { ruleId = '' } = useParams()
  const rule = useQuery(trpc.rules.get.queryOptions({ id: ruleId }))
  const tree = useQuery(trpc.scopes.tree.queryOptions())
  const rows = useMemo(() => (tree.data ? placeRows(tree.data) : []), [tree.data])
  const mayChange = useMayChange()
  const skeleton = <BlockSkeleton height={560} />
  return (
    <>
      <PageHeader
        title={copy.editTitle}
        trail={[
          { label: rulesCopy.title, to: paths.rules },
          { label: rule.data?.name ?? 'Rule', to: paths.rule(ruleId) },
        ]}
      >
        <Prose style={{ marginTop: 4 }}>
          <Muted>{copy.editIntro}</Muted>
        </Prose>
      </PageHeader>
      {mayChange ? (
        <QueryPanel query={tree} what="the scopes" skeleton={skeleton}>
          {() => (
            <QueryPanel query={rule} what="this rule" skeleton={skeleton}>
              {data => (
                <RuleForm
                  id={data.id}
                  rows={rows}
                  initial={now => draftOfRule(data, now)}
                  cancelTo={paths.rule(data.id)}
                />
              )}
            </QueryPanel>
          )}
        </QueryPanel>
      ) : (
        <Notice title={copy.cannotTitle} icon="rules">
          <p>{copy.readersCannot}</p>
        </Notice>
      )}
    </>
  )
}
