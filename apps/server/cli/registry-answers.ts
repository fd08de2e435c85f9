import type { RegistryDetail } from '@plimsoll/types'
import { isTRPCClientError } from '@trpc/client'
import { NotDone } from './action.ts'
import { counted } from './print.ts'

/** What goes when a registry is removed, a line each. */
export function goneWith({ name, repositories, images, findings }: RegistryDetail): string[] {
  const total = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((sum, count) => sum + count, 0)
  return [
    `${name} holds ${counted(repositories, 'repository', 'repositories')} with ${counted(total(images), 'image')} and ${counted(total(findings.open), 'open finding')}, which go from every list, total and score.`,
    'Its scans end and its credentials are deleted. What was charged stays on the bill.',
    'Its webhook is refused from then on. Connected again, it has another secret, and may have another address.',
  ]
}

/** Why going over a registry was not begun. */
export function notStarted({ name, kind, plan, subscription }: RegistryDetail): NotDone {
  if (kind === 'demonstration')
    return new NotDone(`${name} is the demonstration: samples in the data folder, which never change.`)
  if (plan === 'off') return new NotDone(`The plan of its subscription, ${subscription.name}, is off.`)
  return new NotDone('Nothing was started. Try again in a moment.')
}

/** Of what is done only when it is asked for once more: how to ask. */
export function unconfirmed(error: unknown): unknown {
  if (!isTRPCClientError(error)) return error
  const { data } = error as { data?: { code?: string; hint?: string | null } }
  if (data?.code !== 'PRECONDITION_FAILED') return error
  const asking = 'Nothing was connected. Connect it all the same? Then give --untested.'
  return new NotDone([error.message, data.hint, asking].filter(Boolean).join(' '))
}
