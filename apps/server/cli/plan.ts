import { triggers as allTriggers, cloudSchema, type SubscriptionDetail, triggerSchema } from '@plimsoll/types'
import { Misuse, singleAction } from './action.ts'

/** `plimsoll plan`: what is scanned of a subscription, and when. */
export const planCommand = singleAction('plan', {
  about: 'Show a subscription’s plan, turn it on or off, and set what starts scans',
  usage: 'SUBSCRIPTION [on|off]',
  flags: {
    cloud: { value: 'NAME', about: 'commercial, government or china: the last two scan on push alone' },
    triggers: {
      value: 'LIST',
      about: `of ${allTriggers.join(', ')}: those that start scans; none for none`,
      many: true,
    },
    'rescan-days': { value: 'N', about: 'rescan what is pulled or runs every N days' },
    'scan-minutes': { value: 'N', about: 'end a scan after N minutes' },
  },
  async run(asked) {
    const { api, argument, optional, text, texts, number, list } = asked
    const id = argument(0, 'subscription')
    const plan = optional(1)
    if (plan !== undefined && plan !== 'on' && plan !== 'off')
      throw new Misuse(`the plan is on or off, not "${plan}"`)
    const cloud = text('cloud')
    const triggers = texts('triggers')
    const settings = {
      cloud: cloud === undefined ? undefined : oneOf(cloudSchema.options, 'cloud', cloud),
      triggers: triggers === undefined ? undefined : triggersOf(triggers),
      rescanEveryDays: number('rescan-days'),
      scanLimitMinutes: number('scan-minutes'),
    }
    // Before it is turned on: what is then gone over is scanned by these.
    if (Object.values(settings).some(value => value !== undefined))
      await api.subscriptions.configure.mutate({ id, settings })
    if (plan !== undefined) await api.subscriptions.setPlan.mutate({ id, plan })
    const detail = await api.subscriptions.get.query({ id })
    list(
      [detail],
      ['SUBSCRIPTION', 'PLAN', 'CLOUD', 'TRIGGERS', 'RESCAN', 'LIMIT', 'IMAGES', 'CHARGED'],
      cells,
    )
  },
})

const cells = (one: SubscriptionDetail) => [
  one.name,
  one.plan,
  one.cloud,
  one.effectiveTriggers.join(',') || 'none',
  `${one.rescanEveryDays} days`,
  `${one.scanLimitMinutes} minutes`,
  one.images,
  one.chargedImages,
]

function triggersOf(names: readonly string[]) {
  const named = names.filter(name => name !== 'none')
  const wanted = new Set(
    named.map(name => oneOf([...triggerSchema.options, 'none'] as const, 'triggers', name)),
  )
  const has = (name: (typeof allTriggers)[number]) => wanted.has(name)
  return { push: has('push'), pull: has('pull'), import: has('import'), running: has('running') }
}

function oneOf<T extends string>(options: readonly T[], flag: string, text: string): T {
  const known = options.find(one => one === text)
  if (known !== undefined) return known
  throw new Misuse(`--${flag} takes ${options.join(', ')}, not "${text}"`)
}
