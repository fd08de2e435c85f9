import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import type { RuleCriteria, ScopeTree } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from 'react-router-dom'
import { useSay } from '../../app/announcement.tsx'
import { paths } from '../../app/paths.ts'
import { queryClient, trpc } from '../../app/trpc.ts'
import { counted } from '../../lib/quantity.ts'
import { subscriptionChoices } from '../../lib/scope-path.ts'
import { CheckField } from '../../ui/check-field.tsx'
import { DraftFormFrame, useDraftForm } from '../../ui/draft-form.tsx'
import { Field, FieldProblem, LabelledSelect } from '../../ui/fields.tsx'
import { ActionLine, Pair } from '../../ui/form-parts.ts'
import { Muted } from '../../ui/page.tsx'
import { Refused } from '../../ui/refused.tsx'
import { copy } from './copy.ts'
import { keptSeverities, nameOf, type RuleDraft, readDraft } from './rule-draft.ts'

const Criteria = styled('fieldset')(({ theme }) => ({
  display: 'flex',
  flexDirection: 'column',
  gap: 16,
  margin: 0,
  padding: '20px 0',
  border: 0,
  borderBlock: `1px solid ${theme.vars.palette.divider}`,
  '& > legend': { float: 'left', padding: 0, fontWeight: 600 },
  '& > p': { margin: 0, fontSize: '0.8125rem', fontWeight: 550 },
}))
interface RuleFormProps {
  readonly tree: ScopeTree
  readonly initial: RuleDraft
}

/** The original's criteria, any of which disables a finding. */
export function RuleForm({ tree, initial }: RuleFormProps) {
  const form = useDraftForm(() => initial, readDraft)
  const { draft, problems, change } = form
  const navigate = useNavigate()
  const say = useSay()
  const create = useMutation(
    trpc.rules.create.mutationOptions({
      onSuccess: async rule => {
        await navigate(paths.rule(rule.id))
        say(
          `Rule created. It disables ${rule.disables === 0 ? 'nothing now' : counted(rule.disables, 'finding')}.`,
        )
        await queryClient.invalidateQueries()
      },
    }),
  )
  const list = (field: 'ids' | 'cves' | 'categories' | 'securityChecks', label: string, help: string) => (
    <Field
      label={label}
      help={help}
      problem={problems[field]}
      value={draft[field]}
      onChange={event => change({ [field]: event.target.value })}
      multiline
      minRows={2}
      maxRows={10}
      spellCheck={false}
    />
  )
  return (
    <DraftFormFrame form={form} onSend={({ rule }) => create.mutate(rule)}>
      <LabelledSelect
        label="Subscription"
        value={draft.subscriptionId}
        onChange={event => change({ subscriptionId: event.target.value })}
        options={subscriptionChoices(tree)}
      />
      <Criteria>
        <legend>Disable findings that match any of</legend>
        {problems.criteria && <FieldProblem text={problems.criteria} />}
        <Pair>
          {list('ids', 'IDs', `${copy.ids} ${copy.list}`)}
          {list('cves', 'CVEs', copy.list)}
          {list('categories', 'Categories', `${copy.categories} ${copy.list}`)}
          {list('securityChecks', 'Security checks', `${copy.checks} ${copy.list}`)}
          <Field
            label="CVSS v3 score below"
            help={copy.cvss}
            problem={problems.cvssBelow}
            value={draft.cvssBelow}
            onChange={event => change({ cvssBelow: event.target.value })}
            inputMode="decimal"
          />
          <LabelledSelect
            label="Minimum severity kept"
            help={copy.severity}
            value={draft.severityBelow ?? ''}
            onChange={event =>
              change({ severityBelow: (event.target.value || null) as RuleCriteria['severityBelow'] })
            }
            options={[
              { value: '', label: 'None' },
              ...keptSeverities.map(each => ({ value: each, label: each })),
            ]}
          />
        </Pair>
        <CheckField
          label={copy.notPatchable}
          checked={draft.notPatchable}
          onChange={notPatchable => change({ notPatchable })}
        />
      </Criteria>
      <Field
        label="Justification"
        help={copy.justification}
        problem={problems.justification}
        value={draft.justification}
        onChange={event => change({ justification: event.target.value })}
        multiline
        minRows={3}
      />
      <Field
        label="Name"
        help={copy.name}
        problem={problems.name}
        value={nameOf(draft)}
        onChange={event => change({ name: event.target.value })}
        inputProps={{ maxLength: 200 }}
      />
      <Refused title={copy.refused} error={create.error} />
      <ActionLine>
        <Button type="submit" variant="contained" disabled={create.isPending}>
          Create rule
        </Button>
        <Button variant="text" component={Link} to={paths.rules}>
          Cancel
        </Button>
        <Muted>{copy.effect}</Muted>
      </ActionLine>
    </DraftFormFrame>
  )
}
