import { readFile } from 'node:fs/promises'
import { TRPCError } from '@trpc/server'
import pino from 'pino'
import { expect, test } from 'vitest'
import { openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { heavyReadsInline } from '../posture/heavy-reads.ts'
import type { Context, Viewer } from './context.ts'
import { appRouter } from './router.ts'

/** Who may call what, stated once more in full: a procedure that is new has to be thought about here. */
const open = ['session.get', 'session.viewAs', 'session.acceptInvitation', 'session.signOut']
const forAdmins = [
  'billing.setPrice',
  'rules.change',
  'rules.create',
  'rules.delete',
  'rules.restore',
  'registries.reconcile',
  'scans.cancel',
  'scans.cancelQueued',
  'scans.request',
  'scans.requestChosen',
  'scans.requestRegistry',
  'scans.requestRepository',
  'scans.retryFailed',
  'settings.set',
  'scopes.createGroup',
  'scopes.deleteGroup',
  'registries.change',
  'registries.connect',
  'registries.remove',
  'registries.rotateWebhookSecret',
  'registries.test',
  'scopes.moveGroup',
  'scopes.renameGroup',
  'subscriptions.configure',
  'subscriptions.create',
  'subscriptions.delete',
  'subscriptions.move',
  'subscriptions.rename',
  'subscriptions.setPlan',
  'users.list',
  'users.invite',
  'users.remove',
  'images.delete',
  'imports.cancel',
  'imports.retry',
  'imports.start',
]
const forReaders = [
  'advisories.imports',
  'advisories.status',
  'advisories.threatLists',
  'billing.charges',
  'billing.months',
  'billing.price',
  'clusters.list',
  'findings.beside',
  'findings.get',
  'findings.list',
  'findings.vulnerabilities',
  'images.explain',
  'images.get',
  'images.list',
  'images.packages',
  'images.scans',
  'notices.list',
  'overview.get',
  'overview.raise',
  'overview.trend',
  'recommendations.get',
  'recommendations.list',
  'recommendations.securityChecks',
  'registries.get',
  'registries.list',
  'repositories.get',
  'repositories.list',
  'rules.disabling',
  'rules.get',
  'rules.list',
  'rules.ofFilter',
  'rules.places',
  'rules.preview',
  'rules.revisions',
  'scans.list',
  'scans.ofChosen',
  'scans.queue',
  'scans.watch',
  'scopes.tree',
  'settings.get',
  'subscriptions.get',
  'subscriptions.list',
  'images.deletion',
  'imports.list',
]

const contextOf = (viewer: Viewer | null): Context => {
  const db = openInMemory()
  const nothing = (): never => {
    throw new Error('this is not called here')
  }
  return {
    db,
    events: createEventBus(),
    rules: {
      changed: nothing,
      wake: nothing,
      upToDate: async () => undefined,
      isBusy: () => false,
      stop: nothing,
    },
    heavyReads: heavyReadsInline(db),
    log: pino({ level: 'silent' }),
    viewer,
    access: {
      session: nothing,
      viewAs: nothing,
      acceptInvitation: nothing,
      signOut: nothing,
      stillHolds: nothing,
    },
    origin: 'http://127.0.0.1:1',
    wakeRunner: () => undefined,
    importer: { wake: () => undefined, cancel: () => undefined },
    reconciler: { wake: () => false, sync: () => undefined },
    // None of those that use it get so far.
    connections: undefined as never,
    webhookSetup: () => ({ url: '', hasSecret: true, steps: [{ text: 'the secret block', code: null }] }),
  }
}

/** The code of what calling it comes to; null when it was let in, whatever it then made of the empty input. */
async function refusal(path: string, viewer: Viewer | null): Promise<string | null> {
  const caller = appRouter.createCaller(contextOf(viewer)) as unknown as Record<
    string,
    Record<string, (input: unknown) => Promise<unknown>>
  >
  const [noun = '', verb = ''] = path.split('.')
  try {
    await caller[noun]?.[verb]?.({})
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error
    return ['UNAUTHORIZED', 'FORBIDDEN'].includes(error.code) ? error.code : null
  }
  return null
}

/** What hands out, or takes in, secrets that go on opening doors, or changes what real registries hold. */
const outlasting =
  /^(?:users\.|registries\.(?:change|connect|remove|rotateWebhookSecret|test)$|images\.delete$|imports\.(?:cancel|retry|start)$)/

const reader: Viewer = { id: '1', name: 'Reader', role: 'Security Reader' }
const admin: Viewer = { id: '2', name: 'Admin', role: 'Security Admin' }
const viewingAsAdmin: Viewer = { id: null, name: 'Demonstration', role: 'Security Admin' }

test('the lists here name every procedure, and none that is not there', () => {
  const all = Object.keys(appRouter._def.procedures).toSorted()
  expect([...open, ...forAdmins, ...forReaders].toSorted()).toEqual(all)
})

test('docs/api.md has every procedure, with its kind and whom it is for', async () => {
  const page = await readFile(new URL('../../../docs/api.md', import.meta.url), 'utf8')
  const documented = Array.from(
    page.matchAll(/^\| `([\w.]+)` \| (.+?) \| (.+?) \| .+ \|$/gm),
    ([, ...cells]) => cells.join(' '),
  )
  const whoFor = (path: string): string => {
    if (open.includes(path)) return 'anybody'
    if (forReaders.includes(path)) return 'reader'
    return outlasting.test(path) ? 'admin with an account' : 'admin'
  }
  const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>
  const actual = Object.entries(procedures).map(([path, { _def }]) => `${path} ${_def.type} ${whoFor(path)}`)
  expect(documented).toEqual(actual.toSorted())
})

test.each([...forReaders, ...forAdmins])('%s asks for signing in', async path => {
  expect(await refusal(path, null)).toBe('UNAUTHORIZED')
})

test.each(forReaders)('%s is for readers and admins', async path => {
  expect([await refusal(path, reader), await refusal(path, admin)]).toEqual([null, null])
})

test.each(forAdmins)('%s is for admins alone', async path => {
  expect([await refusal(path, reader), await refusal(path, admin)]).toEqual(['FORBIDDEN', null])
})

test.each(forAdmins)(
  '%s is open to who views the demonstration as admin, unless it outlasts that',
  async path => {
    expect(await refusal(path, viewingAsAdmin)).toBe(outlasting.test(path) ? 'FORBIDDEN' : null)
  },
)

test('the block with a registry’s secret is for admins alone', async () => {
  for (const [viewer, notifications] of [
    [reader, null],
    [viewingAsAdmin, null],
    [admin, 'the secret block'],
  ] as const) {
    const context = contextOf(viewer)
    context.db.$client.exec(`insert into subscription (id, name, created_at) values ('s', 'S', '');
      insert into registry (id, subscription_id, name, kind, url, created_at) values ('r', 's', 'R', 'distribution', 'http://r', '')`)
    const registry = await appRouter.createCaller(context).registries.get({ registryId: 'r' })
    expect(registry.webhook?.steps[0]?.text ?? null).toBe(notifications)
  }
})

test('an error of ours is hidden behind an id', async () => {
  const context = contextOf(reader)
  context.db.$client.exec('drop table posture')
  await expect(appRouter.createCaller(context).registries.list()).rejects.toMatchObject({
    code: 'INTERNAL_SERVER_ERROR',
    message: 'Something went wrong in the server.',
  })
})
