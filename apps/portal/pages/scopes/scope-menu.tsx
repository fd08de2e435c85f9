import IconButton from '@mui/material/IconButton'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import Tooltip from '@mui/material/Tooltip'
import { useState } from 'react'
import { Icon } from '../../ui/icon.tsx'
import { copy } from './copy.ts'
import type { ScopeTask } from './scope-dialog.tsx'
import { isTenant, type ScopeRow } from './scope-rows.ts'

interface ScopeMenuProps {
  readonly row: ScopeRow
  readonly onTask: (task: ScopeTask) => void
}

/** What can be done with a group or a subscription. Of registries that is their own page's. */
export function ScopeMenu({ row, onTask }: ScopeMenuProps) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const tasks = tasksOf(row)
  if (tasks.length === 0) return null
  return (
    <>
      <Tooltip title={`Change ${row.name}`}>
        <IconButton
          aria-label={`Change ${row.name}`}
          aria-haspopup="menu"
          onClick={event => setAnchor(event.currentTarget)}
          sx={{ width: 26, height: 24, p: 0, my: '-2px', ml: { xs: '-5px', sm: 0 } }}
        >
          <Icon name="more" />
        </IconButton>
      </Tooltip>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {tasks.map(({ label, task }) => (
          <MenuItem
            key={label}
            onClick={() => {
              setAnchor(null)
              onTask(task)
            }}
          >
            {label}
          </MenuItem>
        ))}
      </Menu>
    </>
  )
}

function tasksOf(row: ScopeRow): readonly { label: string; task: ScopeTask }[] {
  if (row.kind === 'group') {
    const { group, empty } = row
    const tasks: { label: string; task: ScopeTask }[] = [
      { label: copy.addGroup, task: { do: 'add-group', under: group.id } },
      { label: copy.addSubscription, task: { do: 'add-subscription', under: group.id } },
      { label: 'Rename', task: { do: 'rename-group', group } },
    ]
    if (isTenant(group)) return tasks
    return [
      ...tasks,
      { label: 'Move', task: { do: 'move-group', group } },
      { label: 'Delete', task: { do: 'delete-group', group, empty } },
    ]
  }
  if (row.kind !== 'subscription') return []
  const { subscription } = row
  return [
    { label: 'Rename', task: { do: 'rename-subscription', subscription } },
    { label: 'Move', task: { do: 'move-subscription', subscription } },
    { label: 'Delete', task: { do: 'delete-subscription', subscription } },
  ]
}
