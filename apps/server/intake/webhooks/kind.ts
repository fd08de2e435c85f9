import type { IncomingHttpHeaders } from 'node:http'
import type { WebhookSetup } from '@plimsoll/types'
import type { RegistryEvent } from '../event.ts'

/** How a kind of registry tells of what happens in it: one module each, listed in index.ts. */
export interface WebhookKind {
  /** Stands in the address: /webhooks/NAME/REGISTRY. */
  readonly name: string
  readonly proof: Proof
  /** Beside application/json. */
  readonly mediaTypes?: readonly string[]
  /** Whether the address may leave the registry out, which is then known by its secret. */
  readonly findsRegistry?: boolean
  /** How long a body may be, where that is more than 256 KiB. */
  readonly maxBytes?: number
  /** What is to be done where it is longer, as a sentence. Left out: to send several. */
  readonly longAdvice?: string
  /** What a body has to be, as a sentence for whoever sent another. */
  readonly expects: string
  /** @returns null when the body is nothing that this kind of registry sends. */
  read(body: unknown, delivery: Delivery): ReadEvents | null
  setup(place: SetupPlace): Omit<WebhookSetup, 'hasSecret'>
}

/**
 * How a sender proves itself. `header`: our secret as Authorization (behind `Bearer` or bare) or x-api-key. `address`:
 * our secret as ?token=, where no header can be set. `signature`: an HMAC of the body with our secret as its key.
 * `google-token`: a token that Google signs for a service account, where one is set; else as `address`.
 */
export type Proof = 'header' | 'address' | 'signature' | 'google-token'

/** What a body came with. */
export interface Delivery {
  readonly headers: IncomingHttpHeaders
  /** When it came, by our clock: for events that have no time of their own. ISO 8601. */
  readonly at: string
  /** Host and port of the registry: `registry.example`; null when it has none. */
  readonly host: string | null
  /** The name that we ask the registry with; null when we ask anonymously. */
  ownUsername(): string | null
}

export interface ReadEvents {
  readonly events: readonly RegistryEvent[]
  /** Events that make no sense. */
  readonly unreadable: number
  /** Events that make sense and are none of ours: other actions, layers, our own pulls, another registry. */
  readonly ignored: number
}

export interface SetupPlace {
  /** Where the registry posts to, without a secret. */
  readonly url: string
  readonly secret: string
  readonly host: string | null
  /** The service account that signs Pub/Sub's deliveries; null when none is set. */
  readonly serviceAccount: string | null
}
