import {
  type ConnectionTest,
  connectableKindSchema,
  type RegistryConnection,
  type RegistryCredentials,
  type WebhookSetup,
} from '@plimsoll/types'
import { InvalidSetting, registryCredentials } from '../config.ts'
import { type Asked, actionGroup, type Flag, Misuse, NotDone } from './action.ts'
import { contentOf, credentialsOf, fileHelp } from './given-files.ts'
import { goneWith, notStarted, unconfirmed } from './registry-answers.ts'

const credentialFlag: Readonly<Record<string, Flag>> = {
  credentials: { value: 'FILE', about: 'credentials as JSON; - reads them from standard input' },
}
const changeable: Readonly<Record<string, Flag>> = {
  ...credentialFlag,
  'certificate-authority': { value: 'FILE', about: 'certificates to trust besides the public ones (PEM)' },
  proxy: { value: 'URL', about: 'reach it through http://host:port' },
  repositories: { value: 'LIST', about: 'watch these, where there is no catalogue', many: true },
}
const connection: Readonly<Record<string, Flag>> = {
  ...changeable,
  kind: { value: 'KIND', about: `${connectableKindSchema.options.join(', ')} (default: found out)` },
  'allow-plain-http': { value: null, about: 'passwords and images may travel in the clear' },
}
const place: Readonly<Record<string, Flag>> = {
  name: { value: 'NAME', about: 'what it is called (default: its host)' },
  subscription: { value: 'ID', about: 'the subscription it belongs to' },
  'resource-group': { value: 'NAME', about: 'the resource group it is shown in' },
}
const credentialHelp = `${fileHelp}
Without it, PLIMSOLL_REGISTRY_USERNAME and PLIMSOLL_REGISTRY_PASSWORD are used where they are set.`

/** `plimsoll registries`: connecting them, and what becomes of that. */
export const registriesCommand = actionGroup('registries', 'Connected registries', {
  list: {
    about: 'list the connected registries',
    usage: '',
    async run({ api, list }) {
      const rows = await api.registries.list.query()
      list(rows, ['ID', 'NAME', 'KIND', 'SUBSCRIPTION', 'PLAN', 'HEALTH', 'REPOSITORIES', 'TROUBLE'], one => [
        one.id,
        one.name,
        one.kind,
        one.subscription.name,
        one.plan,
        one.health,
        one.repositories,
        one.connectionError,
      ])
    },
  },
  test: {
    about: 'try a connection and say what is in its way',
    usage: 'ADDRESS',
    flags: { ...connection, registry: { value: 'ID', about: 'with what is stored for this registry' } },
    more: credentialHelp,
    async run(asked) {
      const { registryId, ...input } = { ...(await connectionOf(asked)), registryId: asked.text('registry') }
      const result = await asked.api.registries.test.mutate(
        registryId === undefined ? input : { ...input, registryId },
      )
      asked.list(result.steps, ['STEP', 'OUTCOME', ''], step => [step.step, step.outcome, step.message])
      if (!result.ok) throw new NotDone(problemOf(result))
    },
  },
  connect: {
    about: 'connect a registry: its repositories are found and scanned as the plan says',
    usage: 'ADDRESS',
    flags: {
      ...place,
      ...connection,
      untested: { value: null, about: 'connect it even if it does not work' },
    },
    more: `It is tried first. What is in the way is said, and nothing connected without --untested.

${credentialHelp}`,
    async run(asked) {
      const subscriptionId = asked.text('subscription')
      if (subscriptionId === undefined) throw new Misuse('name the subscription with --subscription')
      const wanted = {
        ...(await connectionOf(asked)),
        name: asked.text('name'),
        subscriptionId,
        resourceGroup: asked.text('resource-group') ?? null,
        untested: asked.is('untested'),
      }
      const { id } = await asked.api.registries.connect.mutate(wanted).catch((error: unknown) => {
        throw unconfirmed(error)
      })
      asked.say(id)
    },
  },
  change: {
    about: 'change what is given of a registry, and leave the rest',
    usage: 'ID',
    flags: { ...place, ...changeable },
    more: fileHelp,
    async run(asked) {
      await asked.api.registries.change.mutate({
        registryId: asked.argument(0, 'registry'),
        name: asked.text('name'),
        subscriptionId: asked.text('subscription'),
        resourceGroup: asked.text('resource-group'),
        ...(await givenOf(asked)),
      })
    },
  },
  remove: {
    about: 'disconnect a registry and forget its images; what was charged stays on the bill',
    usage: 'ID',
    flags: { yes: { value: null, about: 'remove it' } },
    more: 'What goes is said first; with --yes it is done.',
    async run({ api, argument, is, say }) {
      const registry = await api.registries.get.query({ registryId: argument(0, 'registry') })
      if (registry.kind === 'demonstration')
        throw new NotDone(`${registry.name} is the demonstration, and stays.`)
      for (const line of goneWith(registry)) say(line)
      if (!is('yes')) throw new NotDone('Nothing was removed. Give --yes to remove it.')
      await api.registries.remove.mutate({ registryId: registry.id })
      say(`${registry.name} is removed.`)
    },
  },
  reconcile: {
    about: 'go over what a registry holds, now',
    usage: 'ID',
    async run({ api, argument, say }) {
      const registryId = argument(0, 'registry')
      const { started } = await api.registries.reconcile.mutate({ registryId })
      if (!started) throw notStarted(await api.registries.get.query({ registryId }))
      say('It is gone over.')
    },
  },
  events: {
    about: 'show how to have a registry tell of pushes; the answer holds a secret',
    usage: 'ID',
    async run({ api, argument, say }) {
      const { webhook } = await api.registries.get.query({ registryId: argument(0, 'registry') })
      sayHow(webhook, say)
    },
  },
  'rotate-secret': {
    about: 'give the webhook of a registry a new secret; the old one is refused at once',
    usage: 'ID',
    more: 'The registry has to be told the new one: what is printed says how, and holds it.',
    async run({ api, argument, say }) {
      const { webhook } = await api.registries.rotateWebhookSecret.mutate({
        registryId: argument(0, 'registry'),
      })
      sayHow(webhook, say)
    },
  },
})

function sayHow(webhook: WebhookSetup | null, say: Asked['say']): void {
  if (webhook === null) throw new NotDone('This registry sends no events.')
  say(`Address: ${webhook.url}`)
  for (const { text, code } of webhook.steps) {
    say(text)
    for (const line of code?.split('\n') ?? []) say(`  ${line}`)
  }
}

async function connectionOf(asked: Asked): Promise<Partial<RegistryConnection> & { address: string }> {
  const kind = asked.text('kind')
  const known = connectableKindSchema.options.find(one => one === kind)
  if (kind !== undefined && known === undefined)
    throw new Misuse(`--kind is one of ${connectableKindSchema.options.join(', ')}, not "${kind}"`)
  // A connection that is there keeps what is stored, unless a file says otherwise.
  const credentials = asked.text('registry') === undefined ? fromEnvironment() : undefined
  return {
    address: asked.argument(0, 'address'),
    ...(credentials !== undefined && { credentials }),
    ...(known !== undefined && { kind: known }),
    ...(asked.is('allow-plain-http') && { allowPlainHttp: true }),
    ...(await givenOf(asked)),
  }
}

async function givenOf({ text, texts }: Asked) {
  const file = text('credentials')
  const credentials = file === undefined ? undefined : await credentialsOf(file)
  const [authority, proxy, repositories] = [
    text('certificate-authority'),
    text('proxy'),
    texts('repositories'),
  ]
  return {
    ...(credentials !== undefined && { credentials }),
    ...(authority !== undefined && { certificateAuthority: await contentOf(authority) }),
    ...(proxy !== undefined && { proxy: proxy === '' ? null : proxy }),
    ...(repositories !== undefined && { repositories: repositories.filter(name => name !== '') }),
  }
}

function fromEnvironment(): RegistryCredentials | undefined {
  try {
    const given = registryCredentials()
    return given === null ? undefined : { kind: 'password', ...given }
  } catch (error) {
    throw error instanceof InvalidSetting ? new NotDone(error.message) : error
  }
}

const problemOf = ({ problem }: ConnectionTest): string =>
  [problem?.message ?? 'It does not work.', problem?.hint].filter(Boolean).join(' ')
