import Skeleton from '@mui/material/Skeleton'
import { keyframes, styled } from '@mui/material/styles'
import { VisuallyHidden } from './visually-hidden.ts'

const appear = keyframes({ from: { opacity: 0 }, to: { opacity: 1 } })

/** Takes its final room at once, but is seen only after 150 ms: a fast answer shows no skeleton at all. */
const Late = styled('div')({ animation: `${appear} 120ms 150ms both` })

export function TableSkeleton({ rows = 8, rowHeight = 35 }: { rows?: number; rowHeight?: number }) {
  return (
    <Late>
      <VisuallyHidden>Loading</VisuallyHidden>
      {Array.from({ length: rows }, (_, index) => (
        <div
          key={index}
          style={{
            height: rowHeight,
            display: 'flex',
            alignItems: 'center',
            gap: 24,
            paddingInline: 12,
            borderBottom: '1px solid var(--pl-palette-divider)',
          }}
        >
          <Skeleton width="10%" height={10} />
          <Skeleton width={`${24 + ((index * 7) % 12)}%`} height={10} />
          <Skeleton width={`${12 + ((index * 5) % 9)}%`} height={10} />
          <Skeleton width="14%" height={10} />
        </div>
      ))}
    </Late>
  )
}

const lineHeight = 32

/** Lines of text to come, within the height that they will take. */
export function BlockSkeleton({ height }: { height: number }) {
  return (
    <Late style={{ height, overflow: 'hidden' }}>
      <VisuallyHidden>Loading</VisuallyHidden>
      {Array.from({ length: Math.floor(height / lineHeight) }, (_, index) => (
        <div key={index} style={{ height: lineHeight, display: 'flex', alignItems: 'center' }}>
          <Skeleton width={`${[34, 52, 46, 22][index % 4]}%`} height={10} />
        </div>
      ))}
    </Late>
  )
}
