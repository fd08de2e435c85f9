import Button from '@mui/material/Button'
import type { Price } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useSay } from '../../app/announcement.tsx'
import { queryClient, trpc } from '../../app/trpc.ts'
import { focusFirstProblem } from '../../lib/first-problem.ts'
import { microsText, readMicros } from '../../lib/money.ts'
import { Field } from '../../ui/fields.tsx'
import { ActionLine, NarrowForm, Pair } from '../../ui/form-parts.ts'
import { Muted } from '../../ui/page.tsx'
import { Refused } from '../../ui/refused.tsx'
import { copy } from './copy.ts'

/** Sets what an image costs from now on, or that it has no price. */
export function PriceForm({ price, onDone }: { price: Price | null; onDone: () => void }) {
  const say = useSay()
  const form = useRef<HTMLFormElement>(null)
  const [amount, setAmount] = useState(price === null ? '' : microsText(price.micros))
  const [currency, setCurrency] = useState(price?.currency ?? '')
  const [tried, setTried] = useState(false)
  const micros = readMicros(amount)
  const code = /^[A-Z]{3}$/.test(currency.trim().toUpperCase()) ? currency.trim().toUpperCase() : null
  const save = useMutation(
    trpc.billing.setPrice.mutationOptions({
      onSuccess: (_, { price: given }) => {
        say(given === null ? copy.cleared : copy.saved)
        onDone()
        return queryClient.invalidateQueries(trpc.billing.pathFilter())
      },
    }),
  )
  return (
    <NarrowForm
      ref={form}
      noValidate
      onSubmit={event => {
        event.preventDefault()
        setTried(true)
        if (micros === null || code === null) focusFirstProblem(form.current)
        else save.mutate({ price: { micros, currency: code } })
      }}
    >
      <Pair>
        <Field
          label={copy.amount}
          help={copy.amountHelp}
          problem={tried && micros === null ? copy.amountProblem : null}
          value={amount}
          inputMode="decimal"
          autoComplete="off"
          autoFocus
          onChange={event => setAmount(event.target.value)}
        />
        <Field
          label={copy.currency}
          help={copy.currencyHelp}
          problem={tried && code === null ? copy.currencyProblem : null}
          value={currency}
          autoComplete="off"
          inputProps={{ maxLength: 3 }}
          onChange={event => setCurrency(event.target.value)}
        />
      </Pair>
      <Refused title={copy.refused} error={save.error} />
      <ActionLine>
        <Button type="submit" variant="contained" disabled={save.isPending}>
          {copy.save}
        </Button>
        {price !== null && (
          <Button disabled={save.isPending} onClick={() => save.mutate({ price: null })}>
            {copy.clearPrice}
          </Button>
        )}
        <Button variant="text" onClick={onDone}>
          Cancel
        </Button>
        <Muted>{copy.priceHolds}</Muted>
      </ActionLine>
    </NarrowForm>
  )
}
