import Button from '@mui/material/Button'
import type { Price } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useMayChange } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { priceText } from '../../lib/money.ts'
import { ActionLine } from '../../ui/form-parts.ts'
import { Notice } from '../../ui/notice.tsx'
import { Muted, Section } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { copy } from './copy.ts'
import { PriceForm } from './price-form.tsx'

/** What an image costs; or that nobody has said. */
export function PriceSection() {
  const price = useQuery(trpc.billing.price.queryOptions())
  return (
    <Section id="price" title={copy.price} first>
      <QueryPanel query={price} what="the price" skeleton={<BlockSkeleton height={96} />}>
        {data => <PriceNow price={data} />}
      </QueryPanel>
    </Section>
  )
}

function PriceNow({ price }: { price: Price | null }) {
  const mayChange = useMayChange()
  const [changing, setChanging] = useState(false)
  if (changing) return <PriceForm price={price} onDone={() => setChanging(false)} />
  const change = mayChange ? (
    <Button onClick={() => setChanging(true)}>{price === null ? copy.setPrice : copy.changePrice}</Button>
  ) : null
  if (price === null) {
    return (
      <Notice title={copy.noPrice} actions={change}>
        <p>{copy.noPriceText}</p>
        {!mayChange && (
          <p>
            <Muted>{copy.readersCannot}</Muted>
          </p>
        )}
      </Notice>
    )
  }
  return (
    <ActionLine sx={{ gap: 2 }}>
      <b style={{ fontWeight: 550 }}>{priceText(price)}</b>
      {change}
      <Muted>{copy.priceHolds}</Muted>
    </ActionLine>
  )
}
