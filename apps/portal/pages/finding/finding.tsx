import { styled } from '@mui/material/styles'
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router-dom'
import { paths } from '../../app/paths.ts'
import { trpc } from '../../app/trpc.ts'
import { FindingContent } from '../../finding/finding-content.tsx'
import { imageName } from '../../lib/names.ts'
import { Breadcrumbs, useDocumentTitle } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.ts'

const Column = styled('div')({ marginTop: 12 })

/** One finding as a page of its own, for sharing and printing. */
export function FindingPage() {
  const { findingId = '' } = useParams()
  const query = useQuery(trpc.findings.get.queryOptions({ id: findingId }))
  const finding = query.data
  useDocumentTitle(
    finding ? `${finding.vulnerabilityId} - ${finding.sourceName} - ${imageName(finding)}` : 'Finding',
  )
  const trail = finding
    ? [
        { label: 'Registries', to: paths.registries },
        { label: finding.registryName, to: paths.registry(finding.registryId) },
        { label: finding.repository, to: paths.repository(finding.registryId, finding.repository) },
        { label: imageName(finding), to: paths.image(finding) },
      ]
    : [{ label: 'Findings', to: paths.findings }]
  return (
    <>
      <Breadcrumbs trail={trail} />
      <Column>
        {!finding && (
          <VisuallyHidden as="h1" tabIndex={-1}>
            Finding
          </VisuallyHidden>
        )}
        <QueryPanel query={query} what="this finding" skeleton={<BlockSkeleton height={520} />}>
          {data => <FindingContent finding={data} level="h1" />}
        </QueryPanel>
      </Column>
    </>
  )
}
