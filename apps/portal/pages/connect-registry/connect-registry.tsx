import { useQuery } from '@tanstack/react-query'
import { paths } from '../../app/paths.ts'
import { useMayConnect } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { whyNotConnect } from '../../lib/may-connect.ts'
import { Notice } from '../../ui/notice.tsx'
import { Muted, PageHeader, Prose } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { ConnectForm } from './connect-form.tsx'
import { copy } from './copy.ts'

/** Connects a registry: where it is, how it is asked, and a test of it with a diagnosis. */
export function ConnectRegistryPage() {
  const may = useMayConnect()
  return (
    <>
      <PageHeader title={copy.title} trail={[{ label: 'Registries', to: paths.registries }]}>
        <Prose style={{ marginTop: 4 }}>
          <Muted>{copy.intro}</Muted>
        </Prose>
      </PageHeader>
      {may === 'granted' ? (
        <Draft />
      ) : (
        <Notice title={copy.cannot} icon="registries">
          <p>{whyNotConnect[may]}</p>
        </Notice>
      )}
    </>
  )
}

function Draft() {
  const scopes = useQuery(trpc.scopes.tree.queryOptions())
  return (
    <QueryPanel query={scopes} what="the subscriptions" skeleton={<BlockSkeleton height={480} />}>
      {tree => <ConnectForm tree={tree} />}
    </QueryPanel>
  )
}
