import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import type { DisableRule } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from 'react-router-dom'
import { useSay } from '../../app/announcement.tsx'
import { paths } from '../../app/paths.ts'
import { queryClient, trpc } from '../../app/trpc.ts'
import { counted } from '../../lib/quantity.ts'
import { Notice } from '../../ui/notice.tsx'
import { sentenceOf } from '../../ui/query-panel.tsx'

interface DeleteRuleProps {
  readonly rule: DisableRule
  readonly open: boolean
  readonly onClose: () => void
}

/** Asks before a rule is deleted and says which findings that concerns; afterwards says how many re-opened. */
export function DeleteRule({ rule, open, onClose }: DeleteRuleProps) {
  const navigate = useNavigate()
  const say = useSay()
  const remove = useMutation(
    trpc.rules.delete.mutationOptions({
      onSuccess: async ({ reopens }) => {
        await navigate(paths.rules)
        // There is no answer about it any more; asking for one would only find that out.
        queryClient.removeQueries(trpc.rules.get.queryFilter({ id: rule.id }))
        say(`Rule deleted. ${reopens === 0 ? 'No finding' : counted(reopens, 'finding')} re-opened.`)
        await queryClient.invalidateQueries()
      },
    }),
  )
  return (
    <Dialog open={open} onClose={onClose} aria-labelledby="delete-rule">
      <DialogTitle id="delete-rule">Delete this rule?</DialogTitle>
      <DialogContent>
        <p style={{ margin: 0 }}>{consequence(rule.disables)}</p>
        {remove.isError && (
          <Notice title="It was not deleted" icon="caution" role="alert">
            <p>{sentenceOf(remove.error)}</p>
          </Notice>
        )}
      </DialogContent>
      <DialogActions>
        <Button variant="text" onClick={onClose}>
          Keep it
        </Button>
        <Button
          variant="contained"
          disabled={remove.isPending}
          onClick={() => remove.mutate({ id: rule.id })}
        >
          Delete rule
        </Button>
      </DialogActions>
    </Dialog>
  )
}

const consequence = (disables: number): string =>
  disables === 0
    ? 'It disables nothing now, so no finding re-opens.'
    : `${counted(disables, 'finding')} that it disables ${disables === 1 ? 're-opens' : 're-open'}, except where another rule disables ${disables === 1 ? 'it' : 'them'} too.`
