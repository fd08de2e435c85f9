import { styled } from '@mui/material/styles'
import type { ImageLink as Image, Raise } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { paths } from '../../app/paths.ts'
import { useScope } from '../../app/scope.tsx'
import { trpc } from '../../app/trpc.ts'
import { findingsPath } from '../../finding/finding-query.ts'
import { imageName } from '../../lib/names.ts'
import { counted } from '../../lib/quantity.ts'
import { Code } from '../../ui/code.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { copy } from './copy.ts'
import { gainSentence } from './raise-words.ts'

const List = styled('ol')(({ theme }) => ({
  margin: 0,
  padding: 0,
  listStyle: 'none',
  fontSize: '0.8125rem',
  lineHeight: '20px',
  overflowWrap: 'anywhere',
  '& li + li': { marginTop: 10, paddingTop: 10, borderTop: `1px solid ${theme.vars.palette.divider}` },
}))

const shown = 3

/** The upgrades and moves to newer base images that would bring most. */
export function RaiseList() {
  const scope = useScope()
  const raises = useQuery(trpc.overview.raise.queryOptions({ scope }))
  return (
    <QueryPanel query={raises} what="what would raise the score" skeleton={<BlockSkeleton height={132} />}>
      {all =>
        all.length === 0 ? (
          <Muted>{copy.noUpgrade}</Muted>
        ) : (
          <List>
            {all.slice(0, shown).map(raise => (
              <li key={keyOf(raise)}>
                {raise.kind === 'upgrade' ? <Upgrade upgrade={raise} /> : <Move move={raise} />}
              </li>
            ))}
          </List>
        )
      }
    </QueryPanel>
  )
}

const keyOf = (raise: Raise): string =>
  raise.kind === 'upgrade'
    ? `${raise.feed} ${raise.package}`
    : `${raise.base.registryId} ${raise.base.digest}`

function Upgrade({ upgrade }: { upgrade: Extract<Raise, { kind: 'upgrade' }> }) {
  const { feed, package: name, fixedVersion, findings } = upgrade
  return (
    <>
      <div>
        Upgrade <Code>{name}</Code> to <Code>{fixedVersion}</Code> <Muted>in {feed}</Muted>
      </div>
      <NavLink to={findingsPath({ feed, package: name, fix: 'available' })} underline="always">
        {counted(findings, 'finding')}
      </NavLink>{' '}
      <Muted>{gainSentence(upgrade)}</Muted>
    </>
  )
}

function Move({ move }: { move: Extract<Raise, { kind: 'base-image' }> }) {
  const { base, newer, images, findings } = move
  return (
    <>
      <div>
        Build{' '}
        <NavLink to={paths.imagesOf({ health: 'unhealthy', outdatedBase: base })} underline="always">
          {counted(images, 'image')}
        </NavLink>{' '}
        on <ImageLink image={newer} /> instead of <ImageLink image={base} />
      </div>
      {counted(findings, 'finding')} <Muted>{gainSentence(move)}</Muted>
    </>
  )
}

/** Underlined, for it stands in a sentence. */
const ImageLink = ({ image }: { image: Image }) => (
  <NavLink to={paths.image(image)} underline="always">
    {imageName(image)}
  </NavLink>
)
