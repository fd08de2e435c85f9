import { advisoryFolders, advisoryIndex, readOsvZip } from '@plimsoll/engine'

/** Reads the advisories of the place given into memory, ready to be asked, and prints how long that took. */
const never = new AbortController().signal
const place = process.argv[2]!

const startedAt = performance.now()
const advisories = []
for (const folder of advisoryFolders)
  for await (const record of readOsvZip(place, folder, never))
    if (record.kind === 'advisory') advisories.push(record.advisory)
const index = advisoryIndex(advisories)
const ms = performance.now() - startedAt

// Groups are made when they are first asked for.
const groupingAt = performance.now()
index.vulnerabilities(advisories[0]!)
const groupMs = performance.now() - groupingAt
console.log(JSON.stringify({ ms, groupMs, records: advisories.length }))
