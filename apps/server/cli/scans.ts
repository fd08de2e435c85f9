import { type ScanSummary, scanStateSchema } from '@plimsoll/types'
import { actionGroup, Misuse } from './action.ts'

const registry = { registry: { value: 'ID', about: 'of this registry only' } } as const
const lane = { lane: { value: '0|1', about: '0: what somebody waits for, 1: background work' } } as const

/** `plimsoll scans`: what is scanned, was, and waits. */
export const scansCommand = actionGroup('scans', 'Scans: those that run, wait and have ended', {
  list: {
    about: 'list scans: those that run, those that wait, and the ended ones, the newest first',
    usage: '',
    flags: {
      ...registry,
      ...lane,
      state: { value: 'STATE', about: `one of ${scanStateSchema.options.join(', ')}` },
      page: { value: 'N', about: 'pages are of 50 (default 1)' },
    },
    async run({ api, text, number, list }) {
      const wanted = text('state')
      const state = scanStateSchema.options.find(one => one === wanted)
      if (wanted !== undefined && state === undefined) throw new Misuse(`no scan is "${wanted}"`)
      const { rows } = await api.scans.list.query({
        registryId: text('registry'),
        lane: number('lane'),
        state,
        page: number('page') ?? 1,
        size: 50,
      })
      list(rows, heading, cells)
    },
  },
  request: {
    about: 'have a registry, a repository or an image scanned again',
    usage: 'REGISTRY [REPOSITORY] [DIGEST]',
    async run({ api, argument, optional, say }) {
      const registryId = argument(0, 'registry')
      const [repository, digest] = [optional(1), optional(2)]
      if (repository === undefined) say(asked((await api.scans.requestRegistry.mutate({ registryId })).asked))
      else if (digest === undefined)
        say(asked((await api.scans.requestRepository.mutate({ registryId, repository })).asked))
      else
        say(`Scan ${(await api.scans.request.mutate({ registryId, repository, digest })).id} is asked for.`)
    },
  },
  cancel: {
    about: 'cancel a scan, or with --queued all that wait',
    usage: '[ID]',
    flags: { queued: { value: null, about: 'all that wait' }, ...registry, ...lane },
    async run({ api, optional, is, text, number, say }) {
      const id = optional(0)
      if ((id === undefined) !== is('queued')) throw new Misuse('name a scan, or give --queued')
      if (id !== undefined) say(`Scan ${(await api.scans.cancel.mutate({ id })).id} is cancelled.`)
      else {
        const input = { registryId: text('registry'), lane: number('lane') }
        say(`Cancelled: ${(await api.scans.cancelQueued.mutate(input)).cancelled}.`)
      }
    },
  },
  queue: {
    about: 'show how many scans wait and run, by registry',
    usage: '',
    async run({ api, text, list, say }) {
      const queue = await api.scans.queue.query()
      if (text('format') === 'json') {
        list([queue], [], () => [])
        return
      }
      const { people, background } = queue.queued
      say(`Waiting: ${people} that somebody waits for, ${background} in the background.`)
      say(`Running: ${queue.running} of at most ${queue.concurrency}.`)
      if (queue.oldestQueuedAt !== null) say(`The oldest waits since ${queue.oldestQueuedAt}.`)
      list(queue.byRegistry, ['REGISTRY', 'WAITING', 'RUNNING'], one => [
        one.registryName,
        one.queued,
        one.running,
      ])
    },
  },
})

const heading = ['ID', 'STATE', 'TRIGGER', 'LANE', 'REGISTRY', 'REPOSITORY', 'IMAGE', 'QUEUED', 'ERROR']

/** As the portal's filter says them. */
const laneWords = (lane: number): string => (lane === 0 ? 'asked for or pushed' : 'background')

const cells = (scan: ScanSummary) => [
  scan.id,
  scan.state,
  scan.trigger,
  laneWords(scan.lane),
  scan.registryName,
  scan.repository,
  scan.tags[0] ?? scan.digest,
  scan.queuedAt,
  scan.error?.message,
]

const asked = (count: number): string => `Scans asked for: ${count}.`
