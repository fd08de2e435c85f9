import type {
  CoreV1Api,
  ObservableMiddleware,
  Observable as ObservableOf,
  V1PodList,
} from '@kubernetes/client-node'
import { ListingFailed, type PodPage } from './listing.ts'

/** A cluster whose pods can be listed. */
export interface PodSource {
  /** The name of its context. */
  readonly name: string
  /** @throws ListingFailed */
  page(next: string | null, signal: AbortSignal): Promise<PodPage | 'expired'>
}

const pageSize = 500
const pageWithinMs = 30_000

/**
 * Opens a cluster as kubectl would: KUBECONFIG, else ~/.kube/config, else the service account of the pod that this runs
 * in. The library is loaded here, so that a server that watches no cluster does without it.
 * @param context null: the current one.
 * @throws ListingFailed
 */
export async function openCluster(context: string | null): Promise<PodSource> {
  const { ApiException, CoreV1Api, KubeConfig, Observable } = await import('@kubernetes/client-node')
  const config = new KubeConfig()
  try {
    config.loadFromDefault()
  } catch (cause) {
    throw new ListingFailed(unreadable(cause), { cause })
  }
  // What the library falls back to; no cluster is there.
  if (config.getCurrentContext() === 'loaded-context' && config.getCurrentCluster()?.server === nowhere) {
    throw new ListingFailed(
      `There is no kubeconfig: KUBECONFIG names none, and none is at ~/.kube/config. ${remedy}`,
    )
  }
  if (context !== null) {
    if (config.getContextObject(context) === null) {
      throw new ListingFailed(`The kubeconfig has no context "${context}".`)
    }
    config.setCurrentContext(context)
  }
  if (config.getCurrentCluster() === null) {
    throw new ListingFailed('The kubeconfig names no cluster in its current context.')
  }
  const api = config.makeApiClient(CoreV1Api)
  return {
    name: config.getCurrentContext(),
    async page(next, signal) {
      try {
        const { items, metadata } = await onePage({ api, Observable }, next, signal)
        return { pods: items, next: metadata?._continue === '' ? null : (metadata?._continue ?? null) }
      } catch (error) {
        signal.throwIfAborted()
        const code = error instanceof ApiException ? error.code : null
        if (code === 410 && next !== null) return 'expired'
        throw new ListingFailed(code === null ? unreachable(error) : refused(code), { cause: error })
      }
    },
  }
}

function onePage({ api, Observable }: Library, next: string | null, signal: AbortSignal): Promise<V1PodList> {
  // The library's own way to a signal: it takes none as a parameter.
  const within: ObservableMiddleware = {
    pre: context => {
      context.setSignal(AbortSignal.any([signal, AbortSignal.timeout(pageWithinMs)]))
      return new Observable(Promise.resolve(context))
    },
    post: context => new Observable(Promise.resolve(context)),
  }
  const fieldSelector = 'status.phase!=Succeeded,status.phase!=Failed'
  const where = { limit: pageSize, fieldSelector, ...(next === null ? {} : { _continue: next }) }
  return api.listPodForAllNamespaces(where, { middlewareMergeStrategy: 'append', middleware: [within] })
}

interface Library {
  readonly api: CoreV1Api
  readonly Observable: typeof ObservableOf
}

function refused(code: number): string {
  if (code === 401) return 'The cluster does not accept the credentials of the kubeconfig.'
  if (code === 403) {
    return 'The cluster does not let its pods be listed. Its user needs the verb "list" on "pods" in all namespaces.'
  }
  return `The cluster answered the list of pods with status ${code}.`
}

const nowhere = 'http://localhost:8080'
const remedy =
  'Put one there, or name its file in KUBECONFIG, and start Plimsoll again; or start it without --kubernetes.'

function unreadable(error: unknown): string {
  const { code, path } = error instanceof Error ? (error as NodeJS.ErrnoException) : {}
  if (path === undefined) return `The kubeconfig is not one: it cannot be parsed. ${remedy}`
  const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${code ?? 'unknown'})`
  return `The kubeconfig ${path} ${why}. ${remedy}`
}

/** What the library says may name files and commands of the kubeconfig; the code of the error is enough. */
function unreachable(error: unknown): string {
  const codes: string[] = []
  for (let one = error; one instanceof Error; one = one.cause) {
    if (one.name === 'TimeoutError') return `The cluster did not answer within ${pageWithinMs / 1000} s.`
    if ('code' in one && typeof one.code === 'string') codes.push(one.code)
  }
  return `The cluster could not be asked for its pods (${codes.at(-1) ?? 'the log says why'}).`
}
