import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router-dom'
import { paths } from '../../app/paths.ts'
import { useMayConnect } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { whyNotConnect } from '../../lib/may-connect.ts'
import { Notice } from '../../ui/notice.tsx'
import { Muted, PageHeader, Prose, Section } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { copy } from './copy.ts'
import { EditForm } from './edit-form.tsx'
import { RemoveRegistry } from './remove-registry.tsx'

/** Changes how a registry is asked and where it stands; and removes it. */
export function EditRegistryPage() {
  const { registryId = '' } = useParams()
  const may = useMayConnect()
  const registry = useQuery(trpc.registries.get.queryOptions({ registryId }))
  const name = registry.data?.name ?? 'Registry'
  return (
    <>
      <PageHeader
        title={copy.title}
        documentTitle={`${copy.title} - ${name}`}
        trail={[
          { label: 'Registries', to: paths.registries },
          { label: name, to: paths.registry(registryId) },
        ]}
      >
        {registry.data?.url && (
          <Prose style={{ marginTop: 4 }}>
            <Muted>
              {registry.data.url}. {copy.addressStays}
            </Muted>
          </Prose>
        )}
      </PageHeader>
      {may === 'granted' ? (
        <Draft registryId={registryId} />
      ) : (
        <Notice title={copy.cannot} icon="registries">
          <p>{whyNotConnect[may]}</p>
        </Notice>
      )}
    </>
  )
}

function Draft({ registryId }: { registryId: string }) {
  const registry = useQuery(trpc.registries.get.queryOptions({ registryId }))
  const scopes = useQuery(trpc.scopes.tree.queryOptions())
  const skeleton = <BlockSkeleton height={480} />
  return (
    <QueryPanel query={registry} what="this registry" skeleton={skeleton}>
      {data =>
        data.kind === 'demonstration' ? (
          <Notice title={copy.demonstration}>
            <p>{copy.demonstrationText}</p>
          </Notice>
        ) : (
          <QueryPanel query={scopes} what="the subscriptions" skeleton={skeleton}>
            {tree => (
              <>
                <EditForm key={data.id} registry={data} tree={tree} />
                <Section id="remove" title={copy.remove}>
                  <RemoveRegistry registry={data} />
                </Section>
              </>
            )}
          </QueryPanel>
        )
      }
    </QueryPanel>
  )
}
