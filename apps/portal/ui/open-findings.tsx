import type { FindingCounts, ImageCounts } from '@plimsoll/types'
import { paths } from '../app/paths.ts'
import { findingsPath } from '../finding/finding-query.ts'
import { allImages, scannedImages } from '../lib/image-counts.ts'
import { count } from '../lib/quantity.ts'
import { openTotal } from '../lib/severity.ts'
import type { Fact } from './facts.tsx'
import { NavLink } from './nav-link.tsx'
import { Muted } from './page.tsx'
import { SeverityCountsCell } from './severity.tsx'

interface Counted {
  readonly images: ImageCounts
  readonly findings: FindingCounts
}

interface Scope {
  readonly registryId: string
  readonly repository?: string
}

/** Open findings over the images of a scope. Zero is said only where something was read; else nothing is known. */
export const OpenFindings = ({ images, findings, within }: Counted & { within: Scope }) =>
  scannedImages(images) > 0 ? (
    <SeverityCountsCell
      counts={findings.open}
      to={severity => findingsPath({ ...within, severity: [severity] })}
    />
  ) : (
    <Muted>–</Muted>
  )

/** What a registry or repository holds, each number leading to exactly the rows it counts. */
export function contentFacts({ images, findings }: Counted, scope: Scope): readonly Fact[] {
  const scanned = scannedImages(images)
  const open = openTotal(findings)
  const disabled = findings.disabled
  return [
    {
      label: 'Open findings',
      value:
        scanned === 0 ? (
          <Muted>–</Muted>
        ) : open === 0 ? (
          '0'
        ) : (
          <NavLink to={findingsPath(scope)}>{count(open)}</NavLink>
        ),
    },
    ...(disabled === 0
      ? []
      : [
          {
            label: 'Disabled',
            value: <NavLink to={findingsPath({ ...scope, status: 'disabled' })}>{count(disabled)}</NavLink>,
          },
        ]),
    {
      label: 'Vulnerable images',
      value:
        scanned === 0 ? (
          <Muted>None scanned</Muted>
        ) : (
          <NavLink to={paths.imagesOf({ ...scope, health: 'unhealthy' })}>
            {count(images.unhealthy)} of {count(scanned)} scanned
          </NavLink>
        ),
    },
    { label: 'Images', value: <NavLink to={paths.imagesOf(scope)}>{count(allImages(images))}</NavLink> },
  ]
}
