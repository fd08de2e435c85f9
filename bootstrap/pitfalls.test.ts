import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root } from './ready.mjs'

/** `| 12 | the rule | where it is held |` */
const rows = Array.from(
  readFileSync(path.join(root, 'docs/pitfalls.md'), 'utf8').matchAll(/^\| (\d+) \| (.+) \| (.+) \|$/gm),
  ([, number = '', , heldBy = '']) => ({ number: Number(number), heldBy }),
)
const filesOf = (heldBy: string): string[] =>
  Array.from(heldBy.matchAll(/`([^`]+\.test\.tsx?)`/g), ([, file]) => file ?? '')

/** The numbers in the titles of each test file that holds any. */
const titles = new Map<string, Set<number>>()
for (const file of globSync('{apps,packages,e2e}/**/*.{test,spec}.{ts,tsx}', {
  cwd: root,
  exclude: name => name.includes('node_modules'),
})) {
  const text = readFileSync(path.join(root, file), 'utf8')
  // A title, or the first word of a row of titles.
  const held = Array.from(text.matchAll(/['"`]pitfall ([\d, and]*\d)/g), ([, numbers]) => numbers ?? '')
  const numbers = held.flatMap(one => Array.from(one.matchAll(/\d+/g), ([digits]) => Number(digits)))
  if (numbers.length > 0) titles.set(file, new Set(numbers))
}

test('every pitfall has a test that names it, or a reason', () => {
  const without = rows.filter(({ heldBy }) => filesOf(heldBy).length === 0 && !heldBy.startsWith('No test: '))
  expect(without).toEqual([])
})

test('every test that the page names holds the rule', () => {
  const missing = rows.flatMap(({ number, heldBy }) =>
    filesOf(heldBy)
      .filter(file => !titles.get(file)?.has(number))
      .map(file => `${number}: ${file}`),
  )
  expect(missing).toEqual([])
})

test('every test that names a rule stands on the page', () => {
  const unnamed = [...titles].flatMap(([file, numbers]) =>
    [...numbers]
      .filter(number => !rows.some(row => row.number === number && filesOf(row.heldBy).includes(file)))
      .map(number => `${number}: ${file}`),
  )
  expect(unnamed).toEqual([])
})
