import { Worker } from 'node:worker_threads'
import type { Charge, MonthTotal, Overview } from '@plimsoll/types'
import { type ChargeFilter, listCharges, listMonths } from '../billing/ledger.ts'
import type { Db } from '../db/open.ts'
import { getOverview } from './overview.ts'
import { listSecurityChecks, type SecurityCheckInput, type SecurityCheckPage } from './security-checks.ts'

/**
 * Reads that go over every open finding or every charge: with half a million of them they take longer than people
 * should wait in line.
 */
export interface HeavyReads {
  overview(): Promise<Overview>
  securityChecks(input: SecurityCheckInput): Promise<SecurityCheckPage>
  months(input: MonthsInput): Promise<MonthTotal[]>
  charges(input: ChargesInput): Promise<ChargePage>
}

export interface MonthsInput {
  readonly subscriptionId?: string | undefined
}
export interface ChargesInput extends ChargeFilter {
  readonly page: number
  readonly size: number
}
export interface ChargePage {
  readonly rows: Charge[]
  readonly total: number
}

export type HeavyRequest =
  | { readonly read: 'overview' }
  | { readonly read: 'securityChecks'; readonly input: SecurityCheckInput }
  | { readonly read: 'months'; readonly input: MonthsInput }
  | { readonly read: 'charges'; readonly input: ChargesInput }

export function answerHeavy(db: Db, request: HeavyRequest): unknown {
  switch (request.read) {
    case 'overview':
      return getOverview(db)
    case 'securityChecks':
      return listSecurityChecks(db, request.input)
    case 'months':
      return listMonths(db, request.input.subscriptionId)
    case 'charges':
      return listCharges(db, request.input)
  }
}

/** The same in the caller's thread, for tests: a database in memory is in one thread alone. */
export const heavyReadsInline = (db: Db): HeavyReads => ({
  overview: async () => getOverview(db),
  securityChecks: async input => listSecurityChecks(db, input),
  months: async ({ subscriptionId }) => listMonths(db, subscriptionId),
  charges: async input => listCharges(db, input),
})

export interface HeavyReadsThread extends HeavyReads {
  stop(): Promise<void>
}

export type HeavyAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string; readonly stack: string }

/** Does them in a thread of its own, with a connection of its own, one after the other. */
export function startHeavyReads(dataDir: string): HeavyReadsThread {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let asked = 0
  let stopped = false
  let worker: Worker | null = start()

  function start(): Worker {
    const made = new Worker(new URL('./heavy-reads-thread.ts', import.meta.url), { workerData: { dataDir } })
    made.on('message', (answer: HeavyAnswer) => {
      const one = waiting.get(answer.id)
      waiting.delete(answer.id)
      if (answer.ok) one?.resolve(answer.value)
      else one?.reject(Object.assign(new Error(answer.message), { stack: answer.stack }))
    })
    // The next to ask starts another.
    made.on('error', error => breakOff(new Error('the thread for heavy reads broke off', { cause: error })))
    made.on('exit', () => breakOff(new Error('the thread for heavy reads has ended')))
    return made
  }

  function breakOff(error: Error): void {
    worker = null
    for (const one of waiting.values()) one.reject(error)
    waiting.clear()
  }

  async function ask(request: HeavyRequest): Promise<unknown> {
    if (stopped) throw new Error('the server stops')
    worker ??= start()
    asked += 1
    const answer = Promise.withResolvers<unknown>()
    waiting.set(asked, answer)
    worker.postMessage({ id: asked, request })
    return await answer.promise
  }

  return {
    overview: async () => (await ask({ read: 'overview' })) as Overview,
    securityChecks: async input => (await ask({ read: 'securityChecks', input })) as SecurityCheckPage,
    months: async input => (await ask({ read: 'months', input })) as MonthTotal[],
    charges: async input => (await ask({ read: 'charges', input })) as ChargePage,
    async stop() {
      stopped = true
      await worker?.terminate()
    },
  }
}
