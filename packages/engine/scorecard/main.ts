import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measure } from './measure.ts'
import { exactnessPage } from './page.ts'

/** `npm run scorecard`: measures, prints the page, and writes it where all of its means are at hand. */
const file = join(import.meta.dirname, '../../../docs/exactness.md')

const { releases, vectors, whole } = await measure(title => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[KMeasuring ${title} ...`)
})
if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
const page = exactnessPage(releases, vectors)
process.stdout.write(page)
if (whole) writeFileSync(file, page)
else process.stdout.write('docs/exactness.md was left as it is: not all it is made from was at hand.\n')
