import Button from '@mui/material/Button'
import Divider from '@mui/material/Divider'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import { styled } from '@mui/material/styles'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { rolesExplained } from '../../lib/roles.ts'
import { Icon } from '../../ui/icon.tsx'
import { useSession } from '../session.tsx'
import { enterSession, trpc } from '../trpc.ts'

const Who = styled('li')(({ theme }) => ({
  padding: '8px 12px',
  fontSize: '0.8125rem',
  '& div': { fontWeight: 600 },
  '& span': { color: theme.vars.palette.text.secondary },
}))

const ButtonText = styled('span')(({ theme }) => ({ [theme.breakpoints.down('sm')]: { display: 'none' } }))

/** Who is signed in and as what; signing out; in the demonstration, the other view. */
export function AccountMenu() {
  const { user, viewAs } = useSession()
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const changed = { onSuccess: enterSession }
  const signOut = useMutation(trpc.session.signOut.mutationOptions(changed))
  const view = useMutation(trpc.session.viewAs.mutationOptions(changed))
  const others = viewAs ? rolesExplained.filter(({ role }) => role !== user.role) : []
  const close = () => setAnchor(null)
  return (
    <>
      <Button
        variant="text"
        color="inherit"
        aria-haspopup="menu"
        aria-label={`Account: ${user.name}, ${user.role}`}
        onClick={event => setAnchor(event.currentTarget)}
        sx={{ minWidth: 0, gap: 1, px: 1 }}
      >
        <Icon name="person" />
        <ButtonText>{user.email ? user.name : user.role}</ButtonText>
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={close}>
        <Who role="presentation">
          <div>{user.name}</div>
          <span>{user.email ? `${user.email}, ${user.role}` : user.role}</span>
        </Who>
        <Divider />
        {others.map(({ role }) => (
          <MenuItem
            key={role}
            onClick={() => {
              view.mutate({ role })
              close()
            }}
          >
            View as {role}
          </MenuItem>
        ))}
        <MenuItem
          onClick={() => {
            signOut.mutate()
            close()
          }}
        >
          Sign out
        </MenuItem>
      </Menu>
    </>
  )
}
