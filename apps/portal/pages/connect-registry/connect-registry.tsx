import { useQuery } from '@tanstack/react-query'
import { paths } from '../../app/paths.ts'
import { useMayChange } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { Notice } from '../../ui/notice.tsx'
import { Muted, PageHeader, Prose } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { ConnectForm } from './connect-form.tsx'
import { copy } from './copy.ts'

/** Connects a registry: where it is, how it is asked, and a test of it with a diagnosis. */
export function ConnectRegistryPage() {
  const mayChange = useMayChange()
  return (
    <>
      <PageHeader title={copy.title} trail={[{ label: 'Registries', to: paths.registries }]}>
        <Prose style={{ marginTop: 4 }}>
          <Muted>{copy.intro}</Muted>
        </Prose>
      </PageHeader>
      {mayChange ? (
        <Draft />
      ) : (
        <Notice title={copy.cannot} icon="registries">
          <p>{copy.cannotText}</p>
        </Notice>
      )}
    </>
  )
}

function Draft() {
  const scopes = useQuery(trpc.scopes.tree.queryOptions())
  return (
    <QueryPanel query={scopes} what="the subscriptions" skeleton={<BlockSkeleton height={480} />}>
      {({ subscriptions }) => <ConnectForm subscriptions={subscriptions} />}
    </QueryPanel>
  )
}
