import { styled } from '@mui/material/styles'
import type { Insights as Facts } from '@plimsoll/types'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted } from '../../ui/page.tsx'
import { insightLinks } from './insight-links.ts'

const List = styled('ul')({
  margin: 0,
  padding: 0,
  listStyle: 'none',
  minWidth: 150,
  lineHeight: '24px',
  // Each is a line of its own to point at.
  '& a': { display: 'inline-block' },
})

/** What helps to decide what to do first, each with the way to its rows. */
export function Insights({ insights }: { insights: Facts }) {
  const links = insightLinks(insights)
  if (links.length === 0) return <Muted>–</Muted>
  return (
    <List>
      {links.map(({ text, to }) => (
        <li key={text}>
          <NavLink to={to}>{text}</NavLink>
        </li>
      ))}
    </List>
  )
}
