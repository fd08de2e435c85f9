import Button from '@mui/material/Button'
import type { Cloud, PlanSettings, SubscriptionDetail, Trigger } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useSay } from '../../app/announcement.tsx'
import { useMayChange } from '../../app/session.tsx'
import { queryClient, trpc } from '../../app/trpc.ts'
import { readWhole } from '../../lib/read-whole.ts'
import { CheckField } from '../../ui/check-field.tsx'
import { Field, LabelledSelect } from '../../ui/fields.tsx'
import { ActionLine, FieldGroup, NarrowForm, Pair } from '../../ui/form-parts.ts'
import { Muted } from '../../ui/page.tsx'
import { Refused } from '../../ui/refused.tsx'
import { cloudText, copy, triggerText } from './copy.ts'

const clouds = Object.keys(cloudText) as Cloud[]
const triggers = Object.keys(triggerText) as Trigger[]

/** Cloud profile, triggers, interval and time limit of a subscription. */
export function PlanSettingsForm({ subscription }: { subscription: SubscriptionDetail }) {
  const { id } = subscription
  const mayChange = useMayChange()
  const say = useSay()
  const [cloud, setCloud] = useState<Cloud>(subscription.cloud)
  const [set, setSet] = useState<PlanSettings['triggers']>(subscription.triggers)
  const [days, setDays] = useState(String(subscription.rescanEveryDays))
  const [minutes, setMinutes] = useState(String(subscription.scanLimitMinutes))
  const rescanEveryDays = readWhole(days, 1, 365)
  const scanLimitMinutes = readWhole(minutes, 1, 240)
  const save = useMutation(
    trpc.subscriptions.configure.mutationOptions({
      onSuccess: changed => {
        say(copy.saved)
        queryClient.setQueryData(trpc.subscriptions.get.queryKey({ id }), changed)
        return queryClient.invalidateQueries()
      },
    }),
  )
  const pushOnly = cloud !== 'commercial'
  return (
    <NarrowForm
      noValidate
      onSubmit={event => {
        event.preventDefault()
        if (rescanEveryDays === null || scanLimitMinutes === null) return
        save.mutate({ id, settings: { cloud, triggers: set, rescanEveryDays, scanLimitMinutes } })
      }}
    >
      <LabelledSelect
        label={copy.cloud}
        help={copy.cloudHelp}
        value={cloud}
        disabled={!mayChange}
        onChange={event => setCloud(event.target.value as Cloud)}
        options={clouds.map(value => ({ value, label: cloudText[value] }))}
      />
      <FieldGroup disabled={!mayChange}>
        <legend>{copy.triggers}</legend>
        {triggers.map(trigger => {
          const barred = pushOnly && trigger !== 'push'
          return (
            <CheckField
              key={trigger}
              label={triggerText[trigger].label}
              help={barred ? copy.pushOnly : triggerText[trigger].help}
              checked={set[trigger] && !barred}
              disabled={barred || !mayChange}
              onChange={checked => setSet({ ...set, [trigger]: checked })}
            />
          )
        })}
      </FieldGroup>
      <Pair>
        <Field
          label={copy.rescan}
          help={copy.rescanHelp}
          problem={rescanEveryDays === null ? copy.rescanProblem : null}
          value={days}
          disabled={!mayChange}
          inputMode="numeric"
          onChange={event => setDays(event.target.value)}
        />
        <Field
          label={copy.limit}
          help={copy.limitHelp}
          problem={scanLimitMinutes === null ? copy.limitProblem : null}
          value={minutes}
          disabled={!mayChange}
          inputMode="numeric"
          onChange={event => setMinutes(event.target.value)}
        />
      </Pair>
      <Refused title={copy.refusedSettings} error={save.error} />
      {mayChange ? (
        <ActionLine>
          <Button type="submit" variant="contained" disabled={save.isPending}>
            {copy.save}
          </Button>
        </ActionLine>
      ) : (
        <Muted>{copy.readersCannot}</Muted>
      )}
    </NarrowForm>
  )
}
