import type { FindingClass, FindingFilter } from '@plimsoll/types'
import { readScope, writeScope } from '../lib/scope.ts'
import { severities } from '../lib/severity.ts'

export type FindingStatus = FindingFilter['status']

export const statuses: Readonly<Record<FindingStatus, string>> = {
  open: 'Open',
  disabled: 'Disabled',
  undetermined: 'Undetermined',
  closed: 'Closed',
}
export const classes: Readonly<Record<FindingClass, string>> = {
  security: 'Security',
  unimportant: 'Unimportant',
  'kernel-headers': 'Kernel headers',
}
export const origins: Readonly<Record<NonNullable<FindingFilter['origin']>, string>> = {
  base: 'From the base image',
  own: 'Not from the base image',
}

/** How one field of the filter stands in the URL. `read` sets it and says whether all of the value was understood. */
interface Field {
  readonly field: keyof FindingFilter
  readonly read: (filter: FindingFilter, value: string) => boolean
  readonly write: (filter: FindingFilter) => string | undefined
}

const text = (
  field:
    | 'q'
    | 'subscriptionId'
    | 'registryId'
    | 'repository'
    | 'cve'
    | 'securityCheck'
    | 'package'
    | 'feed'
    | 'ruleId',
  maxLength = 255,
): Field => ({
  field,
  read: (filter, value) => {
    if (value.length > maxLength) return false
    filter[field] = value
    return true
  },
  write: filter => filter[field],
})

const digest = (field: 'digest' | 'layer'): Field => ({
  field,
  read: (filter, value) => {
    if (!/^sha256:[0-9a-f]{64}$/.test(value)) return false
    filter[field] = value
    return true
  },
  write: filter => filter[field],
})

export const has = <Key extends string>(table: Readonly<Record<Key, unknown>>, key: string): key is Key =>
  Object.hasOwn(table, key)

/** The parameters of the filter. Their names are short and stable, for URLs are shared and kept. */
export const fields: Readonly<Record<string, Field>> = {
  sev: {
    field: 'severity',
    read: (filter, value) => {
      const asked = value.split(',')
      const known = severities.filter(severity => asked.includes(severity.toLowerCase()))
      if (known.length > 0) filter.severity = known
      return known.length === new Set(asked).size
    },
    write: filter => filter.severity?.map(severity => severity.toLowerCase()).join(','),
  },
  fix: {
    field: 'fix',
    read: (filter, value) => {
      if (value !== 'available' && value !== 'none') return false
      filter.fix = value
      return true
    },
    write: filter => filter.fix,
  },
  status: {
    field: 'status',
    read: (filter, value) => {
      if (!has(statuses, value)) return false
      filter.status = value
      return true
    },
    write: filter => (filter.status === 'open' ? undefined : filter.status),
  },
  class: {
    field: 'class',
    read: (filter, value) => {
      const asked = value.split(',')
      const known = asked.filter(each => has(classes, each))
      if (known.length > 0) filter.class = known
      return known.length === asked.length
    },
    write: filter => filter.class?.join(','),
  },
  kev: {
    field: 'kev',
    read: (filter, value) => {
      if (value !== '1' && value !== '0') return false
      filter.kev = value === '1'
      return true
    },
    write: filter => (filter.kev === undefined ? undefined : filter.kev ? '1' : '0'),
  },
  // A range with an open end, `0.1-`, so that an upper bound may come to it without changing what is there.
  epss: {
    field: 'epssAtLeast',
    read: (filter, value) => {
      if (!/^(?:0(?:\.\d{1,6})?|1(?:\.0+)?)-?$/.test(value)) return false
      filter.epssAtLeast = Number.parseFloat(value)
      return true
    },
    write: filter => (filter.epssAtLeast === undefined ? undefined : `${filter.epssAtLeast}-`),
  },
  origin: {
    field: 'origin',
    read: (filter, value) => {
      if (!has(origins, value)) return false
      filter.origin = value
      return true
    },
    write: filter => filter.origin,
  },
  // What cannot be read is told once, for every page.
  scope: {
    field: 'scope',
    read: (filter, value) => {
      const scope = readScope(value)
      if (scope !== null) filter.scope = scope
      return true
    },
    write: filter => filter.scope && writeScope(filter.scope),
  },
  image: digest('digest'),
  layer: digest('layer'),
  q: text('q', 200),
  sub: text('subscriptionId'),
  reg: text('registryId'),
  repo: text('repository'),
  cve: text('cve'),
  check: text('securityCheck'),
  pkg: text('package'),
  feed: text('feed'),
  rule: text('ruleId'),
}
