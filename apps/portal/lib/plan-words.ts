import type { SubscriptionDetail, Trigger } from '@plimsoll/types'

const triggerName: Readonly<Record<Trigger, string>> = {
  push: 'Push',
  pull: 'Recent pull',
  import: 'Import',
  running: 'Running in a cluster',
}

/** What starts a scan in a subscription, in its fewest words: `push, recent pull`; why nothing does. */
export function triggersSentence({
  plan,
  effectiveTriggers,
}: Pick<SubscriptionDetail, 'plan' | 'effectiveTriggers'>) {
  if (plan === 'off') return 'Nothing, the plan is off'
  if (effectiveTriggers.length === 0) return 'Request only'
  const words = effectiveTriggers.map(each => triggerName[each].toLowerCase())
  const sentence = words.join(', ')
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
