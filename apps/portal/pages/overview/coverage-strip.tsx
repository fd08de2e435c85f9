import { styled } from '@mui/material/styles'
import type { Health, ImageCounts } from '@plimsoll/types'
import { paths } from '../../app/paths.ts'
import { imageCountOf } from '../../lib/image-counts.ts'
import { count } from '../../lib/quantity.ts'
import { healthText } from '../../ui/health.tsx'
import { NavLink } from '../../ui/nav-link.tsx'

const Bar = styled('div')(({ theme }) => ({
  display: 'flex',
  gap: 2,
  height: 8,
  borderRadius: 4,
  overflow: 'hidden',
  background: theme.vars.palette.surface.track,
}))
const Legend = styled('ul')({
  display: 'flex',
  flexWrap: 'wrap',
  gap: '4px 28px',
  margin: '10px 0 0',
  padding: 0,
  listStyle: 'none',
  fontSize: '0.8125rem',
  '& li': { display: 'inline-flex', alignItems: 'center', gap: 8 },
  '& b': { fontWeight: 600 },
})
const Swatch = styled('span')({ width: 10, height: 10, borderRadius: 2, flex: 'none' })

const hatched = (color: string) => `repeating-linear-gradient(135deg, ${color} 0 2px, transparent 2px 5px)`
const ink = 'var(--pl-palette-text-primary)'
const grey = 'var(--pl-palette-surface-line)'

/** Each result has a colour or pattern of its own; the words beside say which. */
const results: readonly { readonly health: Health; readonly fill: string }[] = [
  { health: 'unhealthy', fill: ink },
  { health: 'healthy', fill: 'var(--pl-palette-healthy-main)' },
  { health: 'undecided', fill: hatched(ink) },
  { health: 'not-applicable', fill: grey },
  { health: 'not-scanned', fill: hatched(grey) },
  {
    health: 'failed',
    fill: `repeating-linear-gradient(90deg, ${ink} 0 1px, transparent 1px 4px)`,
  },
]

/** How many images have which result: clean, partly scanned, not scanned and failed never look the same. */
export function CoverageStrip({ images }: { images: ImageCounts }) {
  const present = results.filter(result => images[imageCountOf[result.health]] > 0)
  return (
    <>
      <Bar aria-hidden="true">
        {present.map(({ health, fill }) => (
          <span key={health} style={{ flex: `${images[imageCountOf[health]]} 0 4px`, background: fill }} />
        ))}
      </Bar>
      <Legend>
        {present.map(({ health, fill }) => (
          <li key={health}>
            <Swatch aria-hidden="true" style={{ background: fill }} />
            <NavLink to={paths.imagesOf({ health })} color="inherit">
              <b>{count(images[imageCountOf[health]])}</b> {healthText[health]}
            </NavLink>
          </li>
        ))}
      </Legend>
    </>
  )
}
