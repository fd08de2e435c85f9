import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import Typography from '@mui/material/Typography'
import type { FindingFilter } from '@plimsoll/types'
import { useMemo } from 'react'
import { Link } from '../app/scoped-link.tsx'
import { counted } from '../lib/quantity.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { useDraftForm } from '../ui/draft-form.tsx'
import { Form } from '../ui/fields.tsx'
import { ActionLine } from '../ui/form-parts.ts'
import { Refused } from '../ui/refused.tsx'
import { copy } from './copy.ts'
import { CriteriaFields } from './criteria-fields.tsx'
import type { PlaceRow } from './place.ts'
import { PlaceFields } from './place-fields.tsx'
import { ReasonFields } from './reason-fields.tsx'
import { previewedRule, type RuleDraft, readDraft } from './rule-draft.ts'
import { RulePreviewPart } from './rule-preview.tsx'
import { usePreview } from './use-preview.ts'
import { type Doubt, useSaveRule } from './use-save-rule.ts'

/** The fields left, what they would do right; on narrow screens that stands before the button that does it. */
const Layout = styled(Form)(({ theme }) => ({
  display: 'grid',
  gridTemplateColumns: 'minmax(0, 680px) minmax(320px, 460px)',
  gridTemplateRows: 'auto 1fr',
  gap: '24px 56px',
  alignItems: 'start',
  [theme.breakpoints.down('lg')]: { gridTemplateColumns: 'minmax(0, 680px)', gridTemplateRows: 'none' },
}))
const Fields = styled('div')({ display: 'flex', flexDirection: 'column', gap: 24, minWidth: 0 })
const Side = styled('aside')(({ theme }) => ({
  gridRow: '1 / span 2',
  gridColumn: 2,
  minWidth: 0,
  [theme.breakpoints.up('lg')]: {
    position: 'sticky',
    top: 64,
    maxHeight: 'calc(100vh - 80px)',
    overflowY: 'auto',
    paddingTop: 16,
    borderTop: `1px solid ${theme.vars.palette.divider}`,
  },
  [theme.breakpoints.down('lg')]: {
    gridRow: 'auto',
    gridColumn: 'auto',
    paddingTop: 16,
    borderTop: `1px solid ${theme.vars.palette.divider}`,
  },
}))

interface RuleFormProps {
  /** The rule that is changed; null: a new one. */
  readonly id: string | null
  /** What it is filled in with at first, seen from a time in milliseconds. */
  readonly initial: (now: number) => RuleDraft
  readonly rows: readonly PlaceRow[]
  readonly cancelTo: string
  /** The findings that it is made for; left out: none in particular. */
  readonly selection?: FindingFilter
  /** Above the fields: quick ways to fill them in. */
  readonly lead?: (draft: RuleDraft, change: (part: Partial<RuleDraft>) => void) => React.ReactNode
}

/** Everything about a disable rule, with what it would do beside it. */
export function RuleForm({ id, initial, rows, cancelTo, selection, lead }: RuleFormProps) {
  const form = useDraftForm(
    () => initial(Date.now()),
    draft => readDraft(draft, Date.now()),
  )
  const { draft, problems, change } = form
  const rule = useMemo(() => previewedRule(draft), [draft])
  const preview = usePreview(id, rule, selection ?? null)
  const { save, pending, error, doubt, goOn, stop } = useSaveRule(
    id,
    preview.current ? (preview.query.data ?? null) : null,
  )
  const part = { draft, problems, change }
  const button = id === null ? copy.create : copy.save
  return (
    <Layout
      noValidate
      autoComplete="off"
      onSubmit={event => {
        event.preventDefault()
        const given = form.read(event.currentTarget)
        if (given !== null) save(given.rule)
      }}
    >
      <Fields>
        {lead?.(draft, change)}
        <CriteriaFields {...part} />
        <PlaceFields {...part} rows={rows} />
        <ReasonFields {...part} />
      </Fields>
      <Side aria-labelledby="rule-preview">
        <Typography variant="h2" id="rule-preview" sx={{ mb: 1 }}>
          {copy.preview}
        </Typography>
        <RulePreviewPart preview={preview} empty={rule === null} changed={id} />
      </Side>
      <Fields>
        <Refused title={copy.refused} error={error} />
        <ActionLine>
          <Button type="submit" variant="contained" disabled={pending}>
            {button}
          </Button>
          <Button variant="text" component={Link} to={cancelTo}>
            Cancel
          </Button>
        </ActionLine>
      </Fields>
      <ConfirmDialog
        open={doubt !== null}
        title={doubt?.wasShown ? copy.changedTitle : copy.unseenTitle}
        confirm={button}
        cancel="Look again"
        pending={pending}
        error={error}
        refused={copy.refused}
        onConfirm={goOn}
        onClose={stop}
      >
        <p>{doubt && doubtText(doubt)}</p>
      </ConfirmDialog>
    </Layout>
  )
}

function doubtText({ now: { disables, reopens } }: Doubt): string {
  const disabled =
    disables === 0 ? 'It would disable nothing' : `It would disable ${counted(disables, 'finding')}`
  return reopens === 0 ? `${disabled} now.` : `${disabled} and re-open ${counted(reopens, 'finding')} now.`
}
