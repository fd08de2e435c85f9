import type { FindingEvent, RuleLoss } from '@plimsoll/types'
import { counted } from '../lib/quantity.ts'
import { closeReasonText } from './copy.ts'

/** The words around the name of the event's rule, if it has one. */
export interface EventWords {
  readonly before: string
  readonly after: string
}

const losses: Readonly<Record<RuleLoss, string>> = {
  expired: 'expired',
  deleted: 'was deleted',
  changed: 'was changed',
  overridden: 'is overridden by one above',
  scope: 'does not reach this image any more',
  fix: 'held until there was a fix',
}

export function eventWords(event: FindingEvent): EventWords {
  switch (event.kind) {
    case 'first-seen':
      return only('First seen')
    case 'seen-again':
      return only('Found again')
    case 'rescanned':
      return only(`Rescanned${timesWords(event.times, event.atLeast)}, still there`)
    case 'fix-published':
      return only('A fix was published')
    case 'fix-withdrawn':
      return only('The fix was withdrawn')
    case 'closed':
      return only(
        `Closed. ${event.reason === null ? '' : (closeReasonText[event.reason] ?? event.reason)}`.trim(),
      )
    case 'disabled':
      return { before: 'Disabled by', after: '' }
    case 'rule-changed':
      return { before: 'Still disabled, by the changed', after: '' }
    case 'rule-lost': {
      const by = event.by === null ? '' : ` by ${event.by}`
      return {
        before: event.reopened ? 'Re-opened:' : 'Still disabled by others:',
        after: ` ${losses[event.because]}${by}`,
      }
    }
  }
}

const timesWords = (times: number, atLeast: boolean): string =>
  atLeast ? ` ${counted(times, 'time')} or more` : times === 1 ? '' : ` ${times} times`

const only = (before: string): EventWords => ({ before, after: '' })
