import Button from '@mui/material/Button'
import type { SubscriptionDetail } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useSay } from '../../app/announcement.tsx'
import { useMayChange } from '../../app/session.tsx'
import { queryClient, trpc } from '../../app/trpc.ts'
import { counted } from '../../lib/quantity.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import { copy } from './copy.ts'

/** Whether the plan is on, what that means, and the switch, which says what follows before it does anything. */
export function PlanSwitch({ subscription }: { subscription: SubscriptionDetail }) {
  const { id, name, plan, planChangedAt, planChangedBy, registries, images } = subscription
  const [asking, setAsking] = useState(false)
  const mayChange = useMayChange()
  const say = useSay()
  const isOn = plan === 'on'
  const change = useMutation(
    trpc.subscriptions.setPlan.mutationOptions({
      onSuccess: changed => {
        setAsking(false)
        say(`The plan of ${name} is ${changed.plan} now.`)
        queryClient.setQueryData(trpc.subscriptions.get.queryKey({ id }), changed)
        return queryClient.invalidateQueries()
      },
    }),
  )
  return (
    <>
      <Notice
        title={isOn ? copy.on : copy.off}
        icon={isOn ? 'check' : 'dash'}
        actions={
          mayChange && <Button onClick={() => setAsking(true)}>{isOn ? copy.turnOff : copy.turnOn}</Button>
        }
      >
        <p>{isOn ? copy.onText : copy.offText}</p>
        {planChangedAt !== null && (
          <p>
            <Muted>
              Turned {plan} <When at={planChangedAt} />
              {planChangedBy !== null && ` by ${planChangedBy}`}.
            </Muted>
          </p>
        )}
        {!mayChange && (
          <p>
            <Muted>{copy.readersCannot}</Muted>
          </p>
        )}
      </Notice>
      <ConfirmDialog
        open={asking}
        title={isOn ? copy.turnOffAsk : copy.turnOnAsk}
        confirm={isOn ? copy.turnOff : copy.turnOn}
        cancel={isOn ? 'Leave it on' : 'Leave it off'}
        pending={change.isPending}
        error={change.error}
        refused={copy.refusedPlan}
        onConfirm={() => change.mutate({ id, plan: isOn ? 'off' : 'on' })}
        onClose={() => {
          setAsking(false)
          change.reset()
        }}
      >
        <p>{isOn ? copy.turnOffText : copy.turnOnText}</p>
        <p>
          <Muted>
            {name} holds {counted(registries, 'registry', 'registries')} with {counted(images, 'image')} known
            now.
          </Muted>
        </p>
      </ConfirmDialog>
    </>
  )
}
