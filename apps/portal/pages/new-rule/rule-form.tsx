import Button from '@mui/material/Button'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import { styled } from '@mui/material/styles'
import type { RuleCriteria, Subscription } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { type SubmitEvent, useRef, useState } from 'react'
import { Link, useNavigate } from 'react-router-dom'
import { useSay } from '../../app/announcement.tsx'
import { paths } from '../../app/paths.ts'
import { queryClient, trpc } from '../../app/trpc.ts'
import { counted } from '../../lib/quantity.ts'
import { Field, FieldProblem, Form, LabelledSelect } from '../../ui/fields.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted } from '../../ui/page.tsx'
import { sentenceOf } from '../../ui/query-panel.tsx'
import { copy } from './copy.ts'
import { keptSeverities, nameOf, type Problems, type RuleDraft, readDraft } from './rule-draft.ts'

const Narrow = styled(Form)({ maxWidth: 680 })
const Pair = styled('div')(({ theme }) => ({
  display: 'grid',
  gridTemplateColumns: '1fr 1fr',
  gap: 16,
  alignItems: 'start',
  [theme.breakpoints.down('sm')]: { gridTemplateColumns: '1fr' },
}))
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
const Actions = styled('div')({ display: 'flex', alignItems: 'center', gap: 8, flexWrap: 'wrap' })

interface RuleFormProps {
  readonly subscriptions: readonly Subscription[]
  readonly initial: RuleDraft
}

/** The original's criteria, any of which disables a finding. */
export function RuleForm({ subscriptions, initial }: RuleFormProps) {
  const [draft, setDraft] = useState(initial)
  const [problems, setProblems] = useState<Problems>({})
  const form = useRef<HTMLFormElement>(null)
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
  const change = (part: Partial<RuleDraft>) => setDraft({ ...draft, ...part })
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const read = readDraft(draft)
    setProblems('problems' in read ? read.problems : {})
    if ('rule' in read) create.mutate(read.rule)
    // The first field that is wrong takes the focus once it says so.
    else
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }
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
    <Narrow ref={form} onSubmit={submit} noValidate>
      <LabelledSelect
        label="Subscription"
        value={draft.subscriptionId}
        onChange={event => change({ subscriptionId: event.target.value })}
        options={subscriptions.map(({ id, name }) => ({ value: id, label: name }))}
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
        <FormControlLabel
          control={
            <Checkbox checked={draft.notPatchable} onChange={(_, notPatchable) => change({ notPatchable })} />
          }
          label={copy.notPatchable}
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
      {create.isError && (
        <Notice title={copy.refused} icon="caution" role="alert">
          <p>{sentenceOf(create.error)}</p>
        </Notice>
      )}
      <Actions>
        <Button type="submit" variant="contained" disabled={create.isPending}>
          Create rule
        </Button>
        <Button variant="text" component={Link} to={paths.rules}>
          Cancel
        </Button>
        <Muted>{copy.effect}</Muted>
      </Actions>
    </Narrow>
  )
}
