import type { ImageSummary, SecurityCheckRow } from '@plimsoll/types'
import { paths } from '../../app/paths.ts'
import { FindingLink } from '../../finding/finding-link.tsx'
import { findingsPath } from '../../finding/finding-query.ts'
import { imageName } from '../../lib/names.ts'
import { count } from '../../lib/quantity.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted, Section } from '../../ui/page.tsx'
import { SeverityCountsCell, SeverityLabel } from '../../ui/severity.tsx'
import { copy } from './copy.ts'

const imageColumns: readonly Column<ImageSummary>[] = [
  {
    id: 'image',
    header: 'Image',
    cell: image => (
      <NavLink to={paths.image(image)} data-row-link="">
        {imageName(image)}
      </NavLink>
    ),
  },
  { id: 'registry', header: 'Registry', cell: image => image.registryName },
  {
    id: 'findings',
    header: 'Open findings',
    cell: image => <SeverityCountsCell counts={image.findings.open} />,
  },
]

export function TopImages({ images }: { images: readonly ImageSummary[] }) {
  return (
    <Section
      id="top-images"
      title={copy.topImages}
      aside={<NavLink to={paths.imagesOf({ health: 'unhealthy' })}>All vulnerable images</NavLink>}
    >
      {images.length === 0 ? (
        <Muted>{copy.noVulnerableImages}</Muted>
      ) : (
        <DataTable
          caption={copy.topImages}
          columns={imageColumns}
          rows={images}
          rowKey={image => `${image.registryId} ${image.repository} ${image.digest}`}
        />
      )}
    </Section>
  )
}

const checkColumns: readonly Column<SecurityCheckRow>[] = [
  {
    id: 'severity',
    header: 'Severity',
    width: 104,
    cell: check => <SeverityLabel severity={check.severity} />,
  },
  {
    id: 'check',
    header: 'Security check',
    cell: check => (
      <FindingLink id={check.findingId} row>
        {check.securityCheck}
      </FindingLink>
    ),
  },
  {
    id: 'images',
    header: 'Images',
    align: 'right',
    cell: check => (
      <NavLink to={findingsPath({ cve: check.vulnerabilityId, securityCheck: check.securityCheck })}>
        {count(check.appliesToImages)} of {count(check.scannedImages)}
      </NavLink>
    ),
  },
]

export function TopChecks({ checks }: { checks: readonly SecurityCheckRow[] }) {
  return (
    <Section
      id="top-checks"
      title={copy.topChecks}
      aside={<NavLink to={paths.containerImages}>All security checks</NavLink>}
    >
      {checks.length === 0 ? (
        <Muted>{copy.noChecks}</Muted>
      ) : (
        <DataTable
          caption={copy.topChecks}
          columns={checkColumns}
          rows={checks}
          rowKey={check => check.vulnerabilityId + check.securityCheck}
        />
      )}
    </Section>
  )
}
