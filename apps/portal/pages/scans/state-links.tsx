import type { ScanState } from '@plimsoll/types'
import { FilterLinks } from '../../ui/filter-links.tsx'
import { stateText } from './copy.ts'

const states = Object.keys(stateText) as ScanState[]

interface StateLinksProps {
  /** How many there are in each, of the lane and registry that are chosen. */
  readonly counts: Readonly<Record<ScanState, number>>
  readonly state: ScanState | undefined
}

/** Each state with its number, which leads to the scans it counts. */
export const StateLinks = ({ counts, state }: StateLinksProps) => (
  <FilterLinks
    label="Scans by state"
    param="state"
    values={states.map(value => ({ value, label: stateText[value], number: counts[value] }))}
    all={states.reduce((sum, each) => sum + counts[each], 0)}
    chosen={state}
  />
)
