import type { AcceptInvitation, Role, Session, WebhookSetup } from '@plimsoll/types'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import type { EventBus } from '../events.ts'
import type { Importer } from '../imports/importer.ts'
import type { Reconciler } from '../intake/reconcile/reconciler.ts'
import type { HeavyReads } from '../posture/heavy-reads.ts'
import type { ConnectionDeps } from '../registries/deps.ts'
import type { RuleKeeper } from '../rules/keeper.ts'

/** Who asks. `id` is null for the demonstration's "view as", which is nobody in particular. */
export interface Viewer {
  readonly id: string | null
  readonly name: string
  readonly role: Role
}

/** Signing in and out in one request: what touches its cookies. */
export interface RequestAccess {
  session(): Session
  viewAs(role: Role): Session
  acceptInvitation(input: AcceptInvitation): Promise<Session>
  signOut(): Promise<Session>
  /** Whether the viewer would still be let in, for an answer that goes on: the account may be gone meanwhile. */
  stillHolds(): Promise<boolean>
}

/** What a procedure may use. Made per request. */
export interface Context {
  readonly db: Db
  readonly events: EventBus
  readonly heavyReads: HeavyReads
  readonly log: Logger
  readonly viewer: Viewer | null
  readonly access: RequestAccess
  /** Where people reach this server, for links that are handed out: `http://127.0.0.1:8080`. */
  readonly origin: string
  /** Tells the runner that there may be a scan to do. */
  wakeRunner(): void
  /** Copies images into registries. */
  readonly importer: Pick<Importer, 'wake' | 'cancel'>
  /** Told when registries or their plans change. */
  readonly reconciler: Pick<Reconciler, 'wake' | 'sync'>
  /** What connecting registries works with. */
  readonly connections: ConnectionDeps
  /** Has rules take effect. */
  readonly rules: RuleKeeper
  /** How to make a registry tell this server of what happens in it; holds the secret that it proves itself with. */
  webhookSetup(registryId: string): WebhookSetup
}
