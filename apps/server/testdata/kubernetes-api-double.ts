import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A pod as a test tells of it. */
export interface DoublePod {
  readonly namespace: string
  readonly name: string
  readonly containers?: readonly string[]
  readonly initContainers?: readonly string[]
  readonly ephemeralContainers?: readonly string[]
  /** The ReplicaSet that it is of, with the hash of its template. */
  readonly replicaSet?: { readonly name: string; readonly hash: string }
}

/** An API server's list of pods, as kubernetes.io/docs/reference/using-api/api-concepts documents it, and nothing else. */
export interface KubernetesApiDouble {
  readonly url: string
  /** What was asked: the method, the path with its query, and the token. */
  readonly requests: { method: string; path: string; authorization: string | undefined }[]
  pods: readonly DoublePod[]
  /** At most so many in an answer, whatever is asked for. */
  pageSize: number
  /** Answers the next so many requests for a further page with 410: the list they belong to has expired. */
  expired: number
  /** Answers everything with this status. */
  refuseWith: number | null
  stop(): Promise<void>
}

export async function startKubernetesApiDouble(): Promise<KubernetesApiDouble> {
  const server = createServer((request, response) => answer(request, response, double))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const double: KubernetesApiDouble = {
    url: `http://127.0.0.1:${port}`,
    requests: [],
    pods: [],
    pageSize: 500,
    expired: 0,
    refuseWith: null,
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  return double
}

/** A kubeconfig with one context that leads to the double. */
export const kubeconfigFor = (url: string, context: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    // The library speaks plain http to those alone that are not verified.
    clusters: [{ name: 'double', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'plimsoll', user: { token: 'the-token' } }],
    contexts: [{ name: context, context: { cluster: 'double', user: 'plimsoll' } }],
    'current-context': context,
  })

function answer(request: IncomingMessage, response: ServerResponse, double: KubernetesApiDouble): void {
  const { method = '', url = '/', headers } = request
  double.requests.push({ method, path: url, authorization: headers.authorization })
  const { pathname, searchParams } = new URL(url, double.url)
  const send = (status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  if (double.refuseWith !== null) return send(double.refuseWith, failure(double.refuseWith, 'Forbidden'))
  if (method !== 'GET' || pathname !== '/api/v1/pods') return send(404, failure(404, 'NotFound'))
  const token = searchParams.get('continue')
  if (token !== null && double.expired > 0) {
    double.expired -= 1
    return send(410, failure(410, 'Expired'))
  }
  const from = Number(token ?? 0)
  const to = from + Math.min(double.pageSize, Number(searchParams.get('limit') ?? Infinity))
  const more = to < double.pods.length
  send(200, {
    kind: 'PodList',
    apiVersion: 'v1',
    metadata: {
      resourceVersion: '10245',
      ...(more ? { continue: String(to), remainingItemCount: double.pods.length - to } : {}),
    },
    items: double.pods.slice(from, to).map(podOf),
  })
}

const failure = (code: number, reason: string): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: 'pods is forbidden: User "plimsoll" cannot list resource "pods" in API group "" at the cluster scope',
  reason,
  code,
})

function podOf({ namespace, name, replicaSet, ...images }: DoublePod): object {
  const statuses = (imageIds: readonly string[] = []): object[] =>
    imageIds.map((imageID, number) => ({
      name: `c${number}`,
      image: 'registry.example/as:written',
      imageID,
      ready: true,
      restartCount: 0,
    }))
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', uid: 'u', controller: true }
  return {
    metadata: {
      namespace,
      name,
      ...(replicaSet === undefined
        ? {}
        : {
            labels: { 'pod-template-hash': replicaSet.hash },
            ownerReferences: [{ ...owner, name: replicaSet.name }],
          }),
    },
    spec: { containers: [{ name: 'c0', image: 'registry.example/as:written' }] },
    status: {
      phase: 'Running',
      containerStatuses: statuses(images.containers),
      initContainerStatuses: statuses(images.initContainers),
      ephemeralContainerStatuses: statuses(images.ephemeralContainers),
    },
  }
}
