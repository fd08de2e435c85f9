import { randomUUID } from 'node:crypto'
import { oci } from '../../../packages/engine/registry/testdata/made-image.ts'

export interface EventFacts {
  readonly id?: string
  readonly action?: string
  readonly at?: string
  readonly repository?: string
  readonly digest?: string
  readonly tag?: string
  readonly mediaType?: string
  readonly userAgent?: string
}

/** An event as Docker Distribution writes it. */
export function registryEvent(facts: EventFacts): object {
  const { id = randomUUID(), action = 'push', at = new Date().toISOString(), repository = 'team/api' } = facts
  const deletes = action === 'delete'
  return {
    id,
    timestamp: at.replace(/\.(\d+)Z$/, '.$1000000Z'),
    action,
    target: {
      ...(deletes ? {} : { mediaType: facts.mediaType ?? oci.manifest, size: 500, length: 500 }),
      ...(facts.digest === undefined ? {} : { digest: facts.digest }),
      ...(facts.tag === undefined ? {} : { tag: facts.tag }),
      repository,
      url: `http://127.0.0.1/v2/${repository}/manifests/x`,
    },
    request: {
      id: randomUUID(),
      addr: '127.0.0.1:40000',
      host: '127.0.0.1:5000',
      method: deletes ? 'DELETE' : 'PUT',
      useragent: facts.userAgent ?? 'skopeo/1.18.0',
    },
    actor: {},
    source: { addr: 'registry:5000', instanceID: randomUUID() },
  }
}

const eventsType = 'application/vnd.docker.distribution.events.v2+json'

/** Posts events, or whatever else is given as the body. */
export async function postEvents(
  to: { readonly url: string; readonly authorization: string },
  events: readonly object[] | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; body: string }> {
  const response = await fetch(to.url, {
    method: 'POST',
    headers: { 'content-type': eventsType, authorization: to.authorization, ...headers },
    body: typeof events === 'string' ? events : JSON.stringify({ events }),
  })
  return { status: response.status, body: await response.text() }
}
