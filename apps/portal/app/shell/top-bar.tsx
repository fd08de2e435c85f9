import IconButton from '@mui/material/IconButton'
import { styled } from '@mui/material/styles'
import Tooltip from '@mui/material/Tooltip'
import { useQuery } from '@tanstack/react-query'
import { AsOf } from '../../ui/as-of.tsx'
import { Icon } from '../../ui/icon.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { paths } from '../paths.ts'
import { trpc } from '../trpc.ts'
import { AccountMenu } from './account-menu.tsx'
import { FindBox } from './find-box.tsx'
import { NoticeBell } from './notice-bell.tsx'
import { ScopePicker } from './scope-picker.tsx'
import { ThemeSwitch } from './theme-switch.tsx'

const Bar = styled('header')(({ theme }) => ({
  position: 'sticky',
  top: 0,
  zIndex: 3,
  display: 'flex',
  alignItems: 'center',
  gap: 20,
  height: 48,
  padding: '0 24px',
  fontSize: '0.8125rem',
  background: theme.vars.palette.background.default,
  borderBottom: `1px solid ${theme.vars.palette.divider}`,
  [theme.breakpoints.down('sm')]: { padding: '0 8px', gap: 8 },
  '@media print': { display: 'none' },
}))

const Label = styled('span')(({ theme }) => ({ color: theme.vars.palette.text.secondary, marginRight: 6 }))
const Item = styled('div')(({ theme }) => ({
  whiteSpace: 'nowrap',
  [theme.breakpoints.down('md')]: { '&[data-wide]': { display: 'none' } },
}))
const MenuButton = styled('div')(({ theme }) => ({ [theme.breakpoints.up('md')]: { display: 'none' } }))
const Space = styled('div')({ flex: 1 })

export function TopBar({ onMenu }: { onMenu: () => void }) {
  return (
    <Bar>
      <MenuButton>
        <Tooltip title="Menu">
          <IconButton aria-label="Menu" onClick={onMenu}>
            <Icon name="menu" />
          </IconButton>
        </Tooltip>
      </MenuButton>
      <ScopePicker />
      <FindBox />
      <Space />
      <Freshness />
      <NoticeBell />
      <ThemeSwitch />
      <AccountMenu />
    </Bar>
  )
}

/** How old the advisories are that everything was matched against. */
function Freshness() {
  const feeds = useQuery(trpc.advisories.status.queryOptions())
  if (!feeds.data) return null
  const newest = feeds.data.reduce<string | null>(
    (latest, feed) => (feed.asOf !== null && (latest === null || feed.asOf > latest) ? feed.asOf : latest),
    null,
  )
  return (
    <Item data-wide="">
      <NavLink to={`${paths.settings}#advisories`} color="inherit">
        {newest === null ? (
          'No advisories imported'
        ) : (
          <>
            <Label>Advisories as of</Label>
            <AsOf at={newest} />
          </>
        )}
      </NavLink>
    </Item>
  )
}
