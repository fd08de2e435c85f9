import { closeSync, writeSync } from 'node:fs'
import { messageFrame } from '../frames.ts'

/**
 * What a child might do that was taken over by the bytes it read. Which of these it does, a path in the layer says:
 * it looks for one of the names, in angle brackets, among the bytes that it gets.
 */
const tricks: Record<string, () => unknown> = {
  'say nothing': () => setInterval(() => undefined, 1000),
  'say garbage': () => say('garbage garbage garbage'),
  'say what is not JSON': () => say(Buffer.from([0x4d, 0, 0, 0, 1, 0x7b])),
  'say something of no known shape': () => say(messageFrame({ kind: 'inventory', distro: 7 })),
  'add a field': () =>
    say(messageFrame({ kind: 'corrupt', layer: 0, message: '', extra: true })),
  'announce an endless message': () => say(Buffer.from([0x4d, 0xff, 0xff, 0xff, 0xff])),
  'send data': () => say(Buffer.from([0x44, 0, 0, 0, 1, 0])),
  'invent a layer': () => say(messageFrame(packages(99, 1))),
  'find a database in a layer of its own': () => {
    const database = { ecosystem: 'tiny', path: 'db', layer: 1, packages: 0, unreadCopies: 0 }
    say(messageFrame({ kind: 'inventory', distro: null, databases: [database], reasons: [] }))
  },
  'ask for a layer that is not there': () =>
    say(messageFrame({ kind: 'again', layers: [7], alsoWanted: [] })),
  'ask again and again': () => {
    const again = messageFrame({ kind: 'again', layers: [0], alsoWanted: [] })
    for (let time = 0; time < 3; time += 1) say(again)
  },
  'find more packages than it may': () => say(messageFrame(packages(0, 11))),
  'never stop talking': () => {
    for (;;) say(messageFrame(packages(0, 500)))
  },
  'complain without end': () => {
    for (let line = 0; ; line += 1) writeSync(2, `complaint ${line}\n`)
  },
  'leave quietly': () => process.exit(0),
  'leave with an error': () => process.exit(7),
  'be killed': () => process.kill(process.pid, 'SIGKILL'),
  'stop reading': () => process.stdin.pause(),
  'hang up, and answer later': () => {
    closeSync(0) // Which `process.stdin.destroy()` leaves open.
    const nothing = { kind: 'inventory', distro: null, databases: [], reasons: [] }
    setTimeout(() => say(messageFrame(nothing)), 200)
  },
  'take all memory': () => {
    const hoard: unknown[] = []
    for (;;) hoard.push(new Array(1000).fill(hoard.length))
  },
  'take all memory outside the heap': () => {
    const hoard: unknown[] = []
    for (;;) hoard.push(Buffer.alloc(1e6, 1))
  },
  'ignore signals and loop': () => {
    process.on('SIGTERM', () => undefined)
    for (;;);
  },
}

function say(bytes: string | Uint8Array): void {
  const buffer = Buffer.from(bytes)
  for (let at = 0; at < buffer.length; ) at += writeSync(1, buffer, at)
}

function packages(layer: number, count: number): object {
  const one = { name: 'x'.repeat(1000), version: '1', sourceName: 'x', sourceVersion: '1', arch: '', module: null, vendor: '', layer }
  return { kind: 'packages', ecosystem: 'tiny', path: 'db', packages: new Array(count).fill(one) }
}

let seen = ''
for await (const chunk of process.stdin) {
  seen += (chunk as Buffer).toString('latin1')
  const trick = Object.keys(tricks).find(name => seen.includes(`<${name}>`))
  if (trick === undefined) continue
  await tricks[trick]?.()
  await new Promise(() => setInterval(() => undefined, 1000))
}
