import { styled } from '@mui/material/styles'
import Typography from '@mui/material/Typography'
import { useEffect } from 'react'
import { Icon } from './icon.tsx'
import { NavLink } from './nav-link.tsx'

const Trail = styled('ol')(({ theme }) => ({
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  margin: 0,
  padding: 0,
  listStyle: 'none',
  fontSize: '0.8125rem',
  lineHeight: '24px',
  '& a': { color: theme.vars.palette.text.secondary },
  '& li + li::before': { content: '"/"', marginInline: 8, color: theme.vars.palette.text.disabled },
}))

const Header = styled('header')({ marginBottom: 20 })
const HeadingLine = styled('div')({
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'flex-start',
  justifyContent: 'space-between',
  gap: '8px 24px',
})
const Actions = styled('div')({ display: 'flex', gap: 8, flex: 'none', flexWrap: 'wrap', maxWidth: '100%' })

export interface Crumb {
  readonly label: string
  readonly to: string
}

interface PageHeaderProps {
  /** The one h1 of the page, and the document's title unless `documentTitle` says more. */
  readonly title: string
  readonly documentTitle?: string
  /** The way here, without this page itself. */
  readonly trail?: readonly Crumb[]
  readonly actions?: React.ReactNode
  /** A line or two under the heading. */
  readonly children?: React.ReactNode
}

export function PageHeader({ title, documentTitle, trail = [], actions, children }: PageHeaderProps) {
  useDocumentTitle(documentTitle ?? title)
  return (
    <Header>
      {trail.length > 0 && <Breadcrumbs trail={trail} />}
      <HeadingLine>
        <Typography variant="h1" tabIndex={-1} sx={{ overflowWrap: 'anywhere', minWidth: 0 }}>
          {title}
        </Typography>
        {actions && <Actions>{actions}</Actions>}
      </HeadingLine>
      {children}
    </Header>
  )
}

/** The way here, from the section down. */
export const Breadcrumbs = ({ trail }: { trail: readonly Crumb[] }) => (
  <nav aria-label="Breadcrumb">
    <Trail>
      {trail.map(crumb => (
        <li key={crumb.to}>
          <NavLink to={crumb.to}>{crumb.label}</NavLink>
        </li>
      ))}
    </Trail>
  </nav>
)

export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} | Plimsoll`
  }, [title])
}

const SectionFrame = styled('section')({
  marginTop: 32,
  // The page's heading keeps its own distance.
  '&[data-first]': { marginTop: 0 },
})
const SectionHeading = styled('div')({
  display: 'flex',
  alignItems: 'center',
  justifyContent: 'space-between',
  gap: 16,
  minHeight: 32,
  marginBottom: 4,
})

/** A heading that closes and opens what is below it. */
const Collapsible = styled('details')({
  // They would inherit it from a box of the browser’s own, which has it as it is at first.
  '& > *': { boxSizing: 'border-box' },
  '& > summary': {
    display: 'flex',
    alignItems: 'center',
    gap: 8,
    width: 'fit-content',
    minHeight: 32,
    marginBottom: 4,
    listStyle: 'none',
    cursor: 'pointer',
    '&::-webkit-details-marker': { display: 'none' },
  },
  '&:not([open]) > summary svg': { rotate: '-90deg' },
})

interface SectionProps {
  readonly title: string
  readonly id: string
  readonly aside?: React.ReactNode
  /** It can be closed; it then has nothing aside. */
  readonly collapsible?: boolean
  /** It follows the page's heading at once. */
  readonly first?: boolean
  readonly children: React.ReactNode
}

/** A titled part of a page. */
export function Section({ title, id, aside, collapsible = false, first = false, children }: SectionProps) {
  const heading = (
    <Typography variant="h2" id={id}>
      {title}
    </Typography>
  )
  return (
    <SectionFrame aria-labelledby={id} data-first={first ? '' : undefined}>
      {collapsible ? (
        <Collapsible open>
          <summary>
            {heading}
            <Icon name="down" size={12} />
          </summary>
          {children}
        </Collapsible>
      ) : (
        <>
          <SectionHeading>
            {heading}
            {aside}
          </SectionHeading>
          {children}
        </>
      )}
    </SectionFrame>
  )
}

/** A sentence or two of running text, not wider than reads well. */
export const Prose = styled('div')(({ theme }) => ({
  maxWidth: '76ch',
  '& p': { margin: '0 0 8px' },
  '& ol, & ul': { margin: 0, paddingLeft: 20 },
  '& li + li': { marginTop: 4 },
  '& a': { color: theme.vars.palette.primary.main },
}))

/** Secondary text. */
export const Muted = styled('span')(({ theme }) => ({ color: theme.vars.palette.text.secondary }))
