import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { advisoryFolders, readZip } from '@plimsoll/engine'

/**
 * The floor under an import: inflates the same archives and has JSON.parse read each record, and nothing else. Prints
 * how long both took, and JSON.parse alone.
 */
const limits = { maxEntries: 2_000_000, maxEntryBytes: 2 ** 26, maxTotalBytes: 2 ** 35 }
const files = advisoryFolders.map(folder => join(process.argv[2]!, folder, 'all.zip')).filter(existsSync)

let parseMs = 0
let bytes = 0
const startedAt = performance.now()
for (const file of files) {
  for await (const { content } of readZip(file, limits)) {
    const text = content.toString('utf8')
    const parsingAt = performance.now()
    JSON.parse(text)
    parseMs += performance.now() - parsingAt
    bytes += content.length
  }
}
console.log(JSON.stringify({ ms: performance.now() - startedAt, parseMs, bytes }))
