import Button from '@mui/material/Button'
import Tooltip from '@mui/material/Tooltip'
import type { DisableRule } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams } from 'react-router-dom'
import { paths } from '../../app/paths.ts'
import { useMayChange } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { findingsPath } from '../../finding/finding-query.ts'
import { counted } from '../../lib/quantity.ts'
import { Code } from '../../ui/code.tsx'
import { FactList } from '../../ui/facts.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted, PageHeader, Section } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { When } from '../../ui/when.tsx'
import { copy as rulesCopy } from '../rules/copy.ts'
import { DeleteRule } from './delete-rule.tsx'

export function RulePage() {
  const { ruleId = '' } = useParams()
  const rule = useQuery(trpc.rules.get.queryOptions({ id: ruleId }))
  return (
    <>
      <PageHeader
        title={rule.data?.name ?? 'Disable rule'}
        trail={[{ label: rulesCopy.title, to: paths.rules }]}
        actions={rule.data && <Delete rule={rule.data} />}
      />
      <QueryPanel query={rule} what="this rule" skeleton={<BlockSkeleton height={280} />}>
        {data => <Content rule={data} />}
      </QueryPanel>
    </>
  )
}

function Delete({ rule }: { rule: DisableRule }) {
  const mayChange = useMayChange()
  const [asked, setAsked] = useState(false)
  return (
    <>
      <Tooltip title={mayChange ? '' : rulesCopy.readersCannot}>
        <span>
          <Button disabled={!mayChange} onClick={() => setAsked(true)}>
            Delete rule
          </Button>
        </span>
      </Tooltip>
      <DeleteRule rule={rule} open={asked} onClose={() => setAsked(false)} />
    </>
  )
}

function Content({ rule }: { rule: DisableRule }) {
  const { criteria } = rule
  const entries = (list: readonly string[]) =>
    list.length > 0 && list.map(entry => <div key={entry}>{entry}</div>)
  return (
    <>
      <FactList
        facts={[
          {
            label: 'Disables now',
            value:
              rule.disables === 0 ? (
                <Muted>nothing: no finding matches it</Muted>
              ) : (
                <NavLink to={findingsPath({ status: 'disabled', ruleId: rule.id })}>
                  {counted(rule.disables, 'finding')}
                </NavLink>
              ),
          },
          { label: 'Subscription', value: rule.subscriptionName },
          { label: 'Created', value: <When at={rule.createdAt} /> },
          { label: 'Created by', value: rule.createdBy },
          { label: 'Justification', value: rule.justification || <Muted>No reason given</Muted> },
        ]}
      />
      <Section id="criteria" title="Disables findings that match any of">
        <FactList
          facts={[
            { label: 'IDs', value: entries(criteria.ids) },
            { label: 'CVEs', value: entries(criteria.cves) },
            { label: 'Categories', value: entries(criteria.categories) },
            { label: 'Security checks', value: entries(criteria.securityChecks) },
            {
              label: 'CVSS v3 below',
              value: criteria.cvssBelow !== null && <Code>{criteria.cvssBelow}</Code>,
            },
            { label: 'Minimum severity kept', value: criteria.severityBelow },
            { label: 'Patch', value: criteria.notPatchable && 'Not patchable' },
          ]}
        />
      </Section>
    </>
  )
}
