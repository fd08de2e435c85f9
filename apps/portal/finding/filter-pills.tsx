import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import type { FindingFilter, Severity } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { trpc } from '../app/trpc.ts'
import { shortDigest } from '../lib/digest.ts'
import { severities } from '../lib/severity.ts'
import { ChoicePill } from '../ui/choice-pill.tsx'
import { Icon } from '../ui/icon.tsx'
import { Pill } from '../ui/pill.tsx'
import { SeverityShape } from '../ui/severity.tsx'
import { classes, type FindingStatus, statuses } from './finding-query.ts'

const fixes = { available: 'Fix available', none: 'No fix' } as const

interface PillsProps {
  readonly filter: FindingFilter
  /** Fields that the page itself fixes; no pill is shown for them. */
  readonly within: Partial<FindingFilter>
  readonly onChange: (filter: FindingFilter) => void
}

/** The filters that hold, and the choices there always are: severity, fix and status. */
export function FilterPills({ filter, within, onChange }: PillsProps) {
  const set = (change: Partial<FindingFilter>) => onChange({ ...filter, ...change })
  return (
    <>
      <SeverityPill
        chosen={filter.severity ?? []}
        onChange={chosen => set({ severity: chosen.length > 0 ? chosen : undefined })}
      />
      <ChoicePill label="Fix" choices={fixes} value={filter.fix} onChange={fix => set({ fix })} />
      {within.status === undefined && (
        <ChoicePill
          label="Status"
          choices={statuses}
          value={filter.status === 'open' ? undefined : filter.status}
          onChange={(status: FindingStatus | undefined) => set({ status: status ?? 'open' })}
        />
      )}
      <NamedPills filter={filter} within={within} set={set} />
    </>
  )
}

function SeverityPill({
  chosen,
  onChange,
}: {
  chosen: readonly Severity[]
  onChange: (chosen: Severity[]) => void
}) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const toggle = (severity: Severity) =>
    onChange(severities.filter(each => (each === severity ? !chosen.includes(each) : chosen.includes(each))))
  return (
    <>
      <Pill
        label="Severity"
        value={chosen.length > 0 ? chosen.join(', ') : undefined}
        onOpen={setAnchor}
        onClear={chosen.length > 0 ? () => onChange([]) : undefined}
      />
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {severities.map(severity => (
          <MenuItem
            key={severity}
            role="menuitemcheckbox"
            aria-checked={chosen.includes(severity)}
            onClick={() => toggle(severity)}
            sx={{ gap: 1.25, minWidth: 160 }}
          >
            <SeverityShape severity={severity} />
            <span style={{ flex: 1 }}>{severity}</span>
            {chosen.includes(severity) && <Icon name="check" size={14} />}
          </MenuItem>
        ))}
      </Menu>
    </>
  )
}

interface NamedPillsProps {
  readonly filter: FindingFilter
  readonly within: Partial<FindingFilter>
  readonly set: (change: Partial<FindingFilter>) => void
}

/** Filters that links set and the query box takes: shown with the names people know, to be dropped. */
function NamedPills({ filter, within, set }: NamedPillsProps) {
  const registries = useQuery({
    ...trpc.registries.list.queryOptions(),
    enabled: filter.registryId !== undefined && within.registryId === undefined,
  })
  const rules = useQuery({ ...trpc.rules.list.queryOptions(), enabled: filter.ruleId !== undefined })
  const subscriptions = useQuery({
    ...trpc.subscriptions.list.queryOptions(),
    enabled: filter.subscriptionId !== undefined,
  })
  const nameOf = (list: readonly { id: string; name: string }[] | undefined, id: string | undefined) =>
    list?.find(each => each.id === id)?.name ?? id
  const pills: readonly [field: keyof FindingFilter, label: string, value: string | undefined][] = [
    ['class', 'Class', filter.class?.map(each => classes[each]).join(', ')],
    ['subscriptionId', 'Subscription', nameOf(subscriptions.data, filter.subscriptionId)],
    ['registryId', 'Registry', nameOf(registries.data, filter.registryId)],
    ['repository', 'Repository', filter.repository],
    ['digest', 'Image', filter.digest && shortDigest(filter.digest)],
    ['cve', 'CVE', filter.cve],
    ['securityCheck', 'Security check', filter.securityCheck],
    ['package', 'Package', filter.package],
    ['ruleId', 'Rule', nameOf(rules.data, filter.ruleId)],
  ]
  return pills
    .filter(([field, , value]) => value !== undefined && within[field] === undefined)
    .map(([field, label, value]) => (
      <Pill
        key={field}
        label={label}
        value={value}
        // A repository is one only within its registry.
        onClear={() => set({ [field]: undefined, ...(field === 'registryId' && { repository: undefined }) })}
      />
    ))
}
