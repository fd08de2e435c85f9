import IconButton from '@mui/material/IconButton'
import { styled } from '@mui/material/styles'
import Tooltip from '@mui/material/Tooltip'
import { useId } from 'react'
import { type PageSize, pageSizes } from '../lib/page-size.ts'
import { count } from '../lib/quantity.ts'
import { SelectField } from './fields.tsx'
import { Icon } from './icon.tsx'

const Bar = styled('nav')(({ theme }) => ({
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  justifyContent: 'flex-end',
  gap: '4px 16px',
  paddingBlock: 8,
  fontSize: '0.8125rem',
  color: theme.vars.palette.text.secondary,
}))

interface PagingProps {
  readonly page: number
  readonly size: PageSize
  readonly total: number
  readonly onPage: (page: number) => void
  readonly onSize?: (size: PageSize) => void
}

/** Pages of a list; nothing when one page holds all and the size cannot matter. */
export function Paging({ page, size, total, onPage, onSize }: PagingProps) {
  const sizeId = useId()
  if (total <= pageSizes[0] && page === 1) return null
  const pages = Math.max(1, Math.ceil(total / size))
  const first = Math.min((page - 1) * size + 1, total)
  const last = Math.min(page * size, total)
  return (
    <Bar aria-label="Pages">
      {onSize && (
        <span style={{ display: 'inline-flex', alignItems: 'center', gap: 8 }}>
          <label htmlFor={sizeId}>Rows per page</label>
          <SelectField
            id={sizeId}
            dense
            value={String(size)}
            onChange={event => onSize(Number(event.target.value) as PageSize)}
            options={pageSizes.map(each => ({ value: String(each), label: String(each) }))}
          />
        </span>
      )}
      <span>
        {page > pages ? 'Past the last' : `${count(first)}–${count(last)}`} of {count(total)}
      </span>
      <span style={{ display: 'inline-flex' }}>
        <Step
          label="Previous page"
          icon="left"
          disabled={page <= 1}
          onClick={() => onPage(Math.min(page - 1, pages))}
        />
        <Step label="Next page" icon="right" disabled={page >= pages} onClick={() => onPage(page + 1)} />
      </span>
    </Bar>
  )
}

interface StepProps {
  readonly label: string
  readonly icon: 'left' | 'right'
  readonly disabled: boolean
  readonly onClick: () => void
}

function Step({ label, icon, disabled, onClick }: StepProps) {
  const button = (
    <IconButton aria-label={label} disabled={disabled} onClick={onClick}>
      <span style={icon === 'left' ? { transform: 'rotate(180deg)' } : undefined}>
        <Icon name="right" />
      </span>
    </IconButton>
  )
  return disabled ? button : <Tooltip title={label}>{button}</Tooltip>
}
