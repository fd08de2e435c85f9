import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSay } from '../../app/announcement.tsx'
import { useMayChange } from '../../app/session.tsx'
import { queryClient, trpc } from '../../app/trpc.ts'
import { count } from '../../lib/quantity.ts'
import { LabelledSelect } from '../../ui/fields.tsx'
import { ActionLine } from '../../ui/form-parts.ts'
import { Muted, Section } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { Refused } from '../../ui/refused.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { copy } from './copy.ts'

const Line = styled(ActionLine)({ alignItems: 'flex-end', marginBottom: 6 })

/** How many images are scanned at once. */
export function Scanning() {
  const settings = useQuery(trpc.settings.get.queryOptions())
  return (
    <Section id="scanning" title={copy.scanning}>
      <QueryPanel query={settings} what="the settings" skeleton={<BlockSkeleton height={64} />}>
        {({ concurrency, concurrencyMax }) => (
          <Concurrency key={concurrency} concurrency={concurrency} most={concurrencyMax} />
        )}
      </QueryPanel>
    </Section>
  )
}

function Concurrency({ concurrency, most }: { concurrency: number; most: number }) {
  const mayChange = useMayChange()
  const say = useSay()
  const [chosen, setChosen] = useState(concurrency)
  const save = useMutation(
    trpc.settings.set.mutationOptions({
      onSuccess: () => {
        say(`${count(chosen)} at once from now on.`)
        return queryClient.invalidateQueries(trpc.settings.pathFilter())
      },
    }),
  )
  return (
    <>
      <Line>
        <LabelledSelect
          label={copy.concurrency}
          value={String(chosen)}
          disabled={!mayChange}
          onChange={event => setChosen(Number(event.target.value))}
          options={Array.from({ length: most }, (_, index) => ({
            value: String(index + 1),
            label: count(index + 1),
          }))}
        />
        {mayChange && (
          <Button
            disabled={save.isPending || chosen === concurrency}
            onClick={() => save.mutate({ concurrency: chosen })}
          >
            Save
          </Button>
        )}
      </Line>
      <Muted>{mayChange ? copy.concurrencyText : copy.readersCannot}</Muted>
      <Refused title={copy.notSaved} error={save.error} />
    </>
  )
}
