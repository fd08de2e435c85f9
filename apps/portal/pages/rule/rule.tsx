import Button from '@mui/material/Button'
import Tooltip from '@mui/material/Tooltip'
import type { DisableRule } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams } from 'react-router-dom'
import { paths } from '../../app/paths.ts'
import { Link, useGo } from '../../app/scoped-link.tsx'
import { useMayChange } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { reasonText } from '../../lib/rule-words.ts'
import { DeleteRule } from '../../rule/delete-rule.tsx'
import { Disables, Expires, OverriddenBy, ScopeText, StatusLabel } from '../../rule/rule-cells.tsx'
import { FactList, FactStrip } from '../../ui/facts.tsx'
import { Muted, PageHeader, Section } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { When } from '../../ui/when.tsx'
import { copy as rulesCopy, statusMeaning } from '../rules/copy.ts'
import { CriteriaFacts } from './criteria-facts.tsx'
import { History } from './history.tsx'

export function RulePage() {
  const { ruleId = '' } = useParams()
  const rule = useQuery(trpc.rules.get.queryOptions({ id: ruleId }))
  return (
    <>
      <PageHeader
        title={rule.data?.name ?? 'Disable rule'}
        trail={[{ label: rulesCopy.title, to: paths.rules }]}
        actions={rule.data && <Actions rule={rule.data} />}
      />
      <QueryPanel query={rule} what="this rule" skeleton={<BlockSkeleton height={280} />}>
        {data => (
          <>
            <Content rule={data} />
            <History id={data.id} />
          </>
        )}
      </QueryPanel>
    </>
  )
}

function Actions({ rule }: { rule: DisableRule }) {
  const mayChange = useMayChange()
  const [asked, setAsked] = useState(false)
  const go = useGo()
  const override = rule.status === 'expired' ? 'Renew rule' : 'Override rule'
  return (
    <>
      {mayChange ? (
        <Button component={Link} to={paths.editRule(rule.id)}>
          {override}
        </Button>
      ) : (
        <Unavailable label={override} />
      )}
      {mayChange ? (
        <Button onClick={() => setAsked(true)}>Delete rule</Button>
      ) : (
        <Unavailable label="Delete rule" />
      )}
      <DeleteRule
        rule={asked ? rule : null}
        onClose={() => setAsked(false)}
        onDeleted={() => go(paths.rules)}
      />
    </>
  )
}

const Unavailable = ({ label }: { label: string }) => (
  <Tooltip title={rulesCopy.readersCannot}>
    <span>
      <Button disabled>{label}</Button>
    </span>
  </Tooltip>
)

function Content({ rule }: { rule: DisableRule }) {
  return (
    <>
      <FactStrip
        facts={[
          {
            label: 'Status',
            value: (
              <span title={statusMeaning[rule.status]}>
                <StatusLabel status={rule.status} />
              </span>
            ),
          },
          { label: 'Disables now', value: <Disables rule={rule} words /> },
          { label: 'Scope', value: <ScopeText scope={rule.scope} name={rule.scopeName} /> },
          { label: 'Expires', value: <Expires rule={rule} /> },
          { label: 'Last matched', value: <When at={rule.lastMatchedAt} /> },
        ]}
      />
      <p style={{ margin: '12px 0 0', fontSize: '0.8125rem' }}>
        <Muted>{statusMeaning[rule.status]}</Muted> <OverriddenBy rule={rule} />
      </p>
      <Section
        id="criteria"
        title={
          rule.match === 'any' ? 'Disables findings that match any of' : 'Disables findings that match all of'
        }
      >
        <CriteriaFacts criteria={rule.criteria} />
      </Section>
      <Section id="why" title="Why, and for how long">
        <FactList
          facts={[
            {
              label: 'Reason',
              value: rule.reason === null ? <Muted>{rulesCopy.noReason}</Muted> : reasonText[rule.reason],
            },
            {
              label: 'Note',
              value:
                rule.justification === '' ? (
                  <Muted>None</Muted>
                ) : (
                  <span style={{ whiteSpace: 'pre-line' }}>{rule.justification}</span>
                ),
            },
            { label: 'Owner', value: rule.owner },
            {
              label: 'Until a fix exists',
              value: rule.untilFixed && 'Yes: a finding opens again when it can be fixed',
            },
            {
              label: 'Rules below',
              value: rule.overrides && 'Overridden: they do not hold where this one does',
            },
            { label: 'Origin', value: rule.origin === 'policy' && 'A policy assignment' },
            {
              label: 'Created',
              value: (
                <>
                  <When at={rule.createdAt} /> <Muted>by {rule.createdBy}</Muted>
                </>
              ),
            },
            {
              label: 'Saved',
              value: rule.savedAt !== rule.createdAt && (
                <>
                  <When at={rule.savedAt} /> <Muted>by {rule.savedBy}</Muted>
                </>
              ),
            },
          ]}
        />
      </Section>
    </>
  )
}
