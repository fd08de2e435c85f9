import type { SubscriptionDetail } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router-dom'
import { paths } from '../../app/paths.ts'
import { trpc } from '../../app/trpc.ts'
import { count } from '../../lib/quantity.ts'
import { FactStrip } from '../../ui/facts.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { PageHeader, Section } from '../../ui/page.tsx'
import { PlanLabel } from '../../ui/plan-label.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { copy } from './copy.ts'
import { PlanSettingsForm } from './plan-settings-form.tsx'
import { PlanSwitch } from './plan-switch.tsx'

/** A subscription: its plan, and when images in it are scanned. */
export function SubscriptionPage() {
  const { subscriptionId = '' } = useParams()
  const subscription = useQuery(trpc.subscriptions.get.queryOptions({ id: subscriptionId }))
  return (
    <>
      <PageHeader
        title={subscription.data?.name ?? 'Subscription'}
        trail={[
          { label: 'Settings', to: paths.settings },
          { label: 'Scopes and plans', to: paths.scopes },
        ]}
      >
        {subscription.data && <Facts subscription={subscription.data} />}
      </PageHeader>
      <QueryPanel query={subscription} what="this subscription" skeleton={<BlockSkeleton height={480} />}>
        {data => (
          <>
            <Section id="plan" title={copy.plan} first>
              <PlanSwitch subscription={data} />
            </Section>
            <Section id="settings" title={copy.settings}>
              <PlanSettingsForm key={data.id} subscription={data} />
            </Section>
          </>
        )}
      </QueryPanel>
    </>
  )
}

function Facts({
  subscription: { id, plan, registries, images, chargedImages },
}: {
  subscription: SubscriptionDetail
}) {
  return (
    <FactStrip
      facts={[
        { label: 'Plan', value: <PlanLabel plan={plan} /> },
        {
          label: 'Registries',
          value:
            registries === 0 ? (
              '0'
            ) : (
              <NavLink to={paths.registriesOf(id)} everywhere>
                {count(registries)}
              </NavLink>
            ),
        },
        {
          label: 'Images',
          value:
            images === 0 ? (
              '0'
            ) : (
              <NavLink to={paths.imagesOf({ subscriptionId: id })} everywhere>
                {count(images)}
              </NavLink>
            ),
        },
        {
          label: 'Charged so far',
          value: (
            <NavLink to={paths.billing({ subscriptionId: id })} everywhere>
              {count(chargedImages)}
            </NavLink>
          ),
        },
      ]}
    />
  )
}
