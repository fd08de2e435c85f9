import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import type { EventBus } from '../events.ts'
import { openCluster } from './kubernetes.ts'
import { ListingFailed, takeListing } from './listing.ts'
import { forgetOtherClusters, recordListing, recordListingFailed } from './record.ts'

export interface ClusterDeps {
  readonly db: Db
  readonly events: EventBus
  readonly log: Logger
  readonly wakeRunner: () => void
}

const listEveryMs = 5 * 60_000
const firstRetryMs = 10_000

/** Lists a cluster's pods until it is stopped. */
export interface ClusterWatch {
  stop(): Promise<void>
}

/**
 * Lists the pods of a cluster now and every five minutes; after a failure sooner, after longer and longer waits.
 * Without a cluster it forgets what clusters ran that were watched before.
 * @param chosen null: none is watched. A context of null is the kubeconfig's current one.
 */
export function watchCluster(
  chosen: { readonly context: string | null } | null,
  deps: ClusterDeps,
  everyMs = listEveryMs,
): ClusterWatch {
  const ending = new AbortController()
  const { signal } = ending
  const work = (
    chosen === null ? forgetOtherClusters(deps.db, null) : keepListing(chosen.context, deps, everyMs, signal)
  ).catch((error: unknown) => {
    if (!signal.aborted) deps.log.error({ err: error }, 'watching the cluster broke off')
  })
  return {
    async stop() {
      ending.abort()
      await work
    },
  }
}

async function keepListing(
  context: string | null,
  deps: ClusterDeps,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    failures = (await listOnce(context, deps, signal)) ? 0 : failures + 1
    const retryMs = firstRetryMs * 2 ** (failures - 1)
    await pause(failures === 0 ? everyMs : Math.min(retryMs, everyMs), undefined, { signal }).catch(
      () => undefined,
    )
  }
}

/** The kubeconfig is read anew each time: credentials in it are renewed by other programs. @returns whether it worked. */
async function listOnce(
  context: string | null,
  { db, events, log, wakeRunner }: ClusterDeps,
  signal: AbortSignal,
): Promise<boolean> {
  let name = context ?? 'kubernetes'
  try {
    const source = await openCluster(context)
    ;({ name } = source)
    await forgetOtherClusters(db, name)
    const listing = await takeListing(next => source.page(next, signal))
    const asked = await recordListing(db, name, listing, new Date().toISOString())
    if (asked > 0) {
      log.info({ cluster: name, images: asked }, 'running and without a result, to be scanned')
      wakeRunner()
    }
    events.publish({ type: 'changed', what: 'images' })
    return true
  } catch (error) {
    if (signal.aborted) return false
    const isWorld = error instanceof ListingFailed
    log[isWorld ? 'warn' : 'error'](
      { err: error, cluster: name },
      'the pods of a cluster could not be listed',
    )
    recordListingFailed(
      db,
      name,
      isWorld ? error.message : 'Something went wrong in Plimsoll. The log has the whole story.',
    )
    return false
  } finally {
    if (!signal.aborted) events.publish({ type: 'changed', what: 'clusters' })
  }
}
