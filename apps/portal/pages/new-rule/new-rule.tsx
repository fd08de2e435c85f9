import Button from '@mui/material/Button'
import type { FindingDetail, FindingFilter } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useSearchParams } from 'react-router-dom'
import { paths } from '../../app/paths.ts'
import { useScope } from '../../app/scope.tsx'
import { Link } from '../../app/scoped-link.tsx'
import { useMayChange } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { findingsPath } from '../../finding/finding-query.ts'
import { copy } from '../../rule/copy.ts'
import { type Place, type PlaceRow, placeKey, placeRows, readPlace } from '../../rule/place.ts'
import { draftOf } from '../../rule/rule-draft.ts'
import { RuleForm } from '../../rule/rule-form.tsx'
import { draftOfFinding, draftOfParams } from '../../rule/rule-origin.ts'
import { filterOf } from '../../rule/selection-path.ts'
import { WidenChips } from '../../rule/widen-chips.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted, PageHeader, Prose } from '../../ui/page.tsx'
import { QueryPanel, sentenceOf } from '../../ui/query-panel.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { copy as rulesCopy } from '../rules/copy.ts'

/** Creates a disable rule: an empty one, one of the place and ids in the address, one that fits the finding `from`,
 * or all findings of a list, `matching` its filter. */
export function NewRulePage() {
  const mayChange = useMayChange()
  return (
    <>
      <PageHeader title={copy.newTitle} trail={[{ label: rulesCopy.title, to: paths.rules }]}>
        <Prose style={{ marginTop: 4 }}>
          <Muted>{copy.intro}</Muted>
        </Prose>
      </PageHeader>
      {mayChange ? (
        <Draft />
      ) : (
        <Notice title={copy.cannotTitle} icon="rules">
          <p>{copy.readersCannot}</p>
        </Notice>
      )}
    </>
  )
}

const skeleton = <BlockSkeleton height={560} />

function Draft() {
  const [params] = useSearchParams()
  const from = params.get('from')
  const matching = useMemo(() => filterOf(params), [params])
  const tree = useQuery(trpc.scopes.tree.queryOptions())
  const rows = useMemo(() => (tree.data ? placeRows(tree.data) : []), [tree.data])
  const finding = useQuery({ ...trpc.findings.get.queryOptions({ id: from ?? '' }), enabled: from !== null })
  return (
    <QueryPanel query={tree} what="the scopes" skeleton={skeleton}>
      {() =>
        matching !== null ? (
          matching.ignored.length > 0 ? (
            // A rule that is made without them would disable more than was chosen.
            <ChooseAnew title={copy.filterNotUnderstood}>{matching.ignored.join(', ')}</ChooseAnew>
          ) : (
            <OfFilter key={params.get('matching')} rows={rows} filter={matching.filter} />
          )
        ) : from === null ? (
          <OfParams rows={rows} params={params} />
        ) : (
          <QueryPanel query={finding} what="the finding" skeleton={skeleton}>
            {about => <OfFinding key={from} rows={rows} finding={about} />}
          </QueryPanel>
        )
      }
    </QueryPanel>
  )
}

function OfParams({ rows, params }: { rows: readonly PlaceRow[]; params: URLSearchParams }) {
  const asked = useAsked(params)
  const known = asked !== null && rows.some(({ key }) => key === placeKey(asked)) ? asked : null
  return (
    <RuleForm
      id={null}
      rows={rows}
      initial={now => draftOfParams(params, known, now)}
      cancelTo={paths.rules}
    />
  )
}

/** The place that the address names, else what pages are narrowed to where that is one place. */
function useAsked(params: URLSearchParams): Place | null {
  const scope = useScope()
  const [id, ...others] = scope?.ids ?? []
  const place = readPlace(params.get('at'))
  if (place !== null || scope === undefined || id === undefined || others.length > 0) return place
  return { kind: scope.kind, id }
}

function ChooseAnew({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Notice
      title={title}
      icon="caution"
      role="alert"
      actions={
        <Button component={Link} to={paths.findings}>
          Choose findings
        </Button>
      }
    >
      <p>{children}</p>
    </Notice>
  )
}

function OfFilter({ rows, filter }: { rows: readonly PlaceRow[]; filter: FindingFilter }) {
  const rule = useQuery(trpc.rules.ofFilter.queryOptions(filter))
  if (rule.error?.data?.code === 'BAD_REQUEST' && rule.data === undefined)
    return <ChooseAnew title={copy.noRuleOfThese}>{sentenceOf(rule.error)}</ChooseAnew>
  return (
    <QueryPanel query={rule} what="what a rule can say of them" skeleton={skeleton}>
      {about => (
        <RuleForm
          id={null}
          rows={rows}
          initial={now => draftOf(about, now)}
          cancelTo={findingsPath(filter)}
          selection={filter}
        />
      )}
    </QueryPanel>
  )
}

function OfFinding({ rows, finding }: { rows: readonly PlaceRow[]; finding: FindingDetail }) {
  return (
    <RuleForm
      id={null}
      rows={rows}
      initial={now => draftOfFinding(finding, now)}
      cancelTo={paths.finding(finding.id)}
      lead={(draft, change) => <WidenChips finding={finding} rows={rows} draft={draft} change={change} />}
    />
  )
}
