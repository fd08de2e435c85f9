import type { Health } from '@plimsoll/types'
import { FilterLinks } from './filter-links.tsx'
import { healthText } from './health.tsx'

const states = Object.keys(healthText) as Health[]

/** The state of health that the URL asks for; undefined: all. */
export const readHealth = (params: URLSearchParams): Health | undefined =>
  states.find(each => each === params.get('health'))

interface HealthLinksProps {
  readonly label: string
  readonly numberOf: (health: Health) => number
  readonly all: number
  readonly chosen: Health | undefined
}

/** Each state of health that there is, with its number. */
export const HealthLinks = ({ label, numberOf, all, chosen }: HealthLinksProps) => (
  <FilterLinks
    label={label}
    param="health"
    values={states
      .map(value => ({ value, label: healthText[value], number: numberOf(value) }))
      .filter(({ value, number }) => number > 0 || value === chosen)}
    all={all}
    chosen={chosen}
  />
)
