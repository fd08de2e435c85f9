import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import type { UserSummary } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { useSay } from '../../app/announcement.tsx'
import { queryClient, trpc } from '../../app/trpc.ts'
import { Notice } from '../../ui/notice.tsx'
import { sentenceOf } from '../../ui/query-panel.tsx'

/** Asks before an account is removed; open while there is a user to ask about. */
export function RemoveUser({ user, onClose }: { user: UserSummary | null; onClose: () => void }) {
  const say = useSay()
  const remove = useMutation(
    trpc.users.remove.mutationOptions({
      onSuccess: () => {
        say(`${user?.name ?? 'The user'} was removed.`)
        onClose()
        return queryClient.invalidateQueries(trpc.users.pathFilter())
      },
    }),
  )
  return (
    <Dialog open={user !== null} onClose={onClose} aria-labelledby="remove-user">
      <DialogTitle id="remove-user">Remove {user?.name}?</DialogTitle>
      <DialogContent>
        <p style={{ margin: 0 }}>Their account and sessions end at once. Rules they created stay.</p>
        {remove.isError && (
          <Notice title="Not removed" icon="caution" role="alert">
            <p>{sentenceOf(remove.error)}</p>
          </Notice>
        )}
      </DialogContent>
      <DialogActions>
        <Button variant="text" onClick={onClose}>
          Keep
        </Button>
        <Button
          variant="contained"
          disabled={remove.isPending}
          onClick={() => user && remove.mutate({ id: user.id })}
        >
          Remove
        </Button>
      </DialogActions>
    </Dialog>
  )
}
