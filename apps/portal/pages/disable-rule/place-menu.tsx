import IconButton from '@mui/material/IconButton'
import ListSubheader from '@mui/material/ListSubheader'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import Tooltip from '@mui/material/Tooltip'
import { useState } from 'react'
import { paths } from '../../app/paths.ts'
import { Link } from '../../app/scoped-link.tsx'
import { counted } from '../../lib/quantity.ts'
import { Icon } from '../../ui/icon.tsx'
import type { NamedRule, PlaceWithRules } from './rules-at.ts'

interface PlaceMenuProps {
  readonly row: PlaceWithRules
  readonly mayChange: boolean
  readonly onDelete: (rule: NamedRule) => void
}

/** What can be done with the rules of a node: view, override, delete each, or create another. */
export function PlaceMenu({ row, mayChange, onDelete }: PlaceMenuProps) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const close = () => setAnchor(null)
  const { rules, newest } = row
  if (rules === 0 && !mayChange) return null
  const single = rules === 1
  const name = `Rules of ${row.name}`
  const linked = (key: string, label: string, to: string, everywhere = false) => (
    <MenuItem key={key} component={Link} to={to} everywhere={everywhere} onClick={close}>
      {label}
    </MenuItem>
  )
  return (
    <>
      <Tooltip title={name}>
        <IconButton
          aria-label={name}
          aria-haspopup="menu"
          onClick={event => setAnchor(event.currentTarget)}
          sx={{ width: 26, height: 24, p: 0, my: '-2px' }}
        >
          <Icon name="more" />
        </IconButton>
      </Tooltip>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={close}>
        {newest.flatMap(rule => [
          !single && (
            <ListSubheader
              key={`${rule.id} name`}
              role="presentation"
              sx={{
                lineHeight: '28px',
                maxWidth: 320,
                overflow: 'hidden',
                textOverflow: 'ellipsis',
                whiteSpace: 'nowrap',
              }}
            >
              {rule.name}
            </ListSubheader>
          ),
          linked(`${rule.id} view`, 'View rule', paths.rule(rule.id)),
          mayChange && linked(`${rule.id} override`, 'Override rule', paths.editRule(rule.id)),
          mayChange && (
            <MenuItem
              key={`${rule.id} delete`}
              onClick={() => {
                close()
                onDelete(rule)
              }}
            >
              Delete rule
            </MenuItem>
          ),
        ])}
        {rules > newest.length &&
          linked('all', `See all ${counted(rules, 'rule')}`, paths.rulesOf({ at: row.key }), true)}
        {mayChange &&
          linked('new', rules === 0 ? 'Create rule' : 'Create another rule', paths.newRuleAt(row.key))}
      </Menu>
    </>
  )
}
