import { advisoryIndex, openSource, scan } from '@plimsoll/engine'

/** Scans the image of the reference given and prints how long that took. */
const never = new AbortController().signal
const source = openSource(process.argv[2]!)

const startedAt = performance.now()
const { images } = await source.resolve([{ os: 'linux', architecture: 'amd64' }], never)
const image = images[0]!
const running = scan({ source, image, advisories: advisoryIndex([]), today: '2024-06-01', signal: never })
let step = await running.next()
while (!step.done) step = await running.next()
const ms = performance.now() - startedAt

if (step.value.packages.length === 0) throw new Error('the scan found no packages')
console.log(JSON.stringify({ ms, bytes: image.sizeBytes }))
