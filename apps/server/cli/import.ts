import { setTimeout as wait } from 'node:timers/promises'
import type { ImageImport } from '@plimsoll/types'
import { type Action, type Asked, Misuse, NotDone, singleAction } from './action.ts'
import { credentialsOf, fileHelp } from './given-files.ts'
import { withInterrupt } from './interruptible.ts'
import { plain } from './print.ts'

/** `plimsoll import SOURCE TARGET`: the running server copies the image; this asks for it and watches. */
const importAction: Action = {
  about: 'copy an image into a connected registry, and have it scanned',
  usage: 'SOURCE TARGET',
  flags: {
    platform: { value: 'OS/ARCH', about: 'that image of an index alone: linux/amd64' },
    'source-plain-http': { value: null, about: 'ask the source over plain http' },
    'source-credentials': { value: 'FILE', about: 'credentials for the source; - reads standard input' },
    'no-wait': { value: null, about: 'return when it is asked for' },
  },
  more: `SOURCE is an image in any registry: docker.io/library/debian:12, mcr.microsoft.com/azurelinux/base/core:3.0. TARGET is
the host of a connected registry, with repository and tag where they are to differ: registry.example/base/debian:12.
Ctrl-C and SIGTERM call it off; with --no-wait it goes on in the server.

A source in a connected registry is asked with what is stored for that. ${fileHelp}`,
  async run(asked) {
    const target = await targetOf(asked)
    const platform = asked.text('platform')
    const file = asked.text('source-credentials')
    const wanted = {
      source: asked.argument(0, 'SOURCE'),
      sourcePlainHttp: asked.is('source-plain-http'),
      ...target,
      ...(file === undefined ? {} : { sourceCredentials: await credentialsOf(file) }),
      ...(platform === undefined ? {} : { platform }),
    }
    const start = () => asked.api.imports.start.mutate(wanted)
    const ended = asked.is('no-wait')
      ? await start()
      : // From before it is asked for: an import that nobody watches any more is not to be left behind.
        await withInterrupt(async signal => await watched(asked, await start(), signal))
    asked.list([ended], ['ID', 'SOURCE', 'TARGET', 'STATE', 'DIGEST'], one => [
      one.id,
      one.source,
      `${one.registryName}/${one.repository}${one.tag ? `:${one.tag}` : ''}`,
      one.state,
      one.digest,
    ])
    if (ended.state !== 'failed' && ended.state !== 'cancelled') return
    const calledOff = `Import ${ended.id} was called off. It can be tried again in the portal.`
    const { message = calledOff, hint = null } = ended.error ?? {}
    throw new NotDone([message, hint].filter(Boolean).join(' '))
  },
}

/** Docker Hub's API is not at the name that its images carry. */
const apiHost = (host: string): string =>
  /^(?:index\.)?docker\.io$/.test(host) ? 'registry-1.docker.io' : host

/** `host/repository:tag` of a connected registry; repository and tag may be left out. */
async function targetOf(asked: Asked): Promise<{ registryId: string; repository?: string; tag?: string }> {
  const given = asked.argument(1, 'TARGET')
  const [, host, repository, tag] = /^(?:https?:\/\/)?([^/]+)(?:\/([^:@]+)(?::([^@/]+))?)?$/.exec(given) ?? []
  if (host === undefined)
    throw new Misuse(
      `TARGET is the host of a connected registry, HOST or HOST/REPOSITORY:TAG, not "${plain(given)}"`,
    )
  const registries = await asked.api.registries.list.query()
  const registry = registries.find(
    ({ id, url }) => id === host || (url !== null && new URL(url).host === apiHost(host)),
  )
  if (registry === undefined) {
    const known = registries.flatMap(({ url }) => (url === null ? [] : new URL(url).host))
    throw new Misuse(
      known.length === 0
        ? 'no registry is connected that an image could be copied into'
        : `TARGET begins with the host of a connected registry: ${known.join(', ')}`,
    )
  }
  return {
    registryId: registry.id,
    ...(repository === undefined ? {} : { repository }),
    ...(tag === undefined ? {} : { tag }),
  }
}

const everyMs = 300

/** Looks at an import until it has ended. One that whoever waits for it has had enough of is called off. */
async function watched(asked: Asked, started: ImageImport, signal: AbortSignal): Promise<ImageImport> {
  const isTerminal = process.stderr.isTTY
  const show = (text: string): void => void (isTerminal && process.stderr.write(`\r\x1b[K${plain(text)}`))
  let told: string | null = null
  // Where no line can be written over, each wait is told of once.
  const tell = (one: ImageImport): void => {
    if (!isTerminal && one.retryAt !== null && one.retryAt !== told) console.error(plain(progress(one)))
    told = one.retryAt
    show(progress(one))
  }
  try {
    for (let known = started; ; known = await lookedUp(asked, started.id)) {
      if (hasEnded(known)) return known
      tell(known)
      await wait(everyMs, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) return await calledOff(asked, started.id)
    }
  } finally {
    show('')
  }
}

const hasEnded = ({ state }: ImageImport): boolean => state !== 'queued' && state !== 'running'

async function lookedUp({ api }: Asked, id: string): Promise<ImageImport> {
  const { rows } = await api.imports.list.query({ page: 1, size: 200 })
  const known = rows.find(one => one.id === id)
  if (known === undefined) throw new NotDone(`Import ${id} is not there any more.`)
  return known
}

async function calledOff(asked: Asked, id: string): Promise<ImageImport> {
  try {
    return await asked.api.imports.cancel.mutate({ id })
  } catch (error) {
    // It may have come to its end just now.
    const known = await lookedUp(asked, id)
    if (hasEnded(known)) return known
    throw error
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

function progress({ state, bytesDone, bytesTotal, retryAt, error }: ImageImport): string {
  if (retryAt !== null) {
    const seconds = Math.max(0, Math.ceil((Date.parse(retryAt) - Date.now()) / 1000))
    return `Waiting: tried again in ${seconds} s: ${[error?.message, error?.hint].filter(Boolean).join(' ')}`
  }
  if (state === 'queued') return 'Waiting ...'
  return bytesTotal === 0
    ? 'Looking at the source ...'
    : `Copying: ${megabytes(bytesDone)} of ${megabytes(bytesTotal)}`
}

export const importCommand = singleAction('import', importAction)
