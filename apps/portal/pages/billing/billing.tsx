import { useQuery } from '@tanstack/react-query'
import { useAddressParams } from '../../app/address-params.ts'
import { paths } from '../../app/paths.ts'
import { trpc } from '../../app/trpc.ts'
import { withPage } from '../../lib/page-params.ts'
import { subscriptionChoices } from '../../lib/scope-path.ts'
import { withParam } from '../../lib/search-params.ts'
import { ChoicePill } from '../../ui/choice-pill.tsx'
import { ActionLine } from '../../ui/form-parts.ts'
import { Muted, PageHeader, Prose, Section } from '../../ui/page.tsx'
import { Pill } from '../../ui/pill.tsx'
import { Charges } from './charges.tsx'
import { copy } from './copy.ts'
import { isMonth, monthText } from './month.ts'
import { Months } from './months.tsx'
import { PriceSection } from './price-section.tsx'

/** The bill: months by subscription, the charges of one of them, and what an image costs. */
export function BillingPage() {
  const [params, setParams] = useAddressParams()
  const scopes = useQuery(trpc.scopes.tree.queryOptions())
  const asked = params.get('month') ?? ''
  const month = isMonth(asked) ? asked : undefined
  const subscriptionId = params.get('sub') || undefined
  const filterBy = (name: string, value: string | undefined) =>
    setParams(withPage(withParam(params, name, value ?? null), 1))
  const choices = scopes.data === undefined ? [] : subscriptionChoices(scopes.data)
  const names = Object.fromEntries(choices.map(({ value, label }) => [value, label]))
  return (
    <>
      <PageHeader title={copy.title} trail={[{ label: 'Settings', to: paths.settings }]}>
        <Prose style={{ marginTop: 4 }}>
          <Muted>{copy.intro}</Muted>
        </Prose>
      </PageHeader>
      <PriceSection />
      <Section id="months" title={month === undefined ? copy.months : monthText(month)}>
        <ActionLine sx={{ mb: 1 }}>
          <ChoicePill
            label="Subscription"
            choices={names}
            value={subscriptionId}
            onChange={next => filterBy('sub', next)}
          />
          {month !== undefined && (
            <Pill label="Month" value={monthText(month)} onClear={() => filterBy('month', undefined)} />
          )}
        </ActionLine>
        {month === undefined ? (
          <Months subscriptionId={subscriptionId} />
        ) : (
          <Charges month={month} subscriptionId={subscriptionId} />
        )}
      </Section>
    </>
  )
}
