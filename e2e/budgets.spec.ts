import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from '@playwright/test'
import budgets from './budgets.json' with { type: 'json' }

const dist = new URL('../apps/portal/dist', import.meta.url).pathname

interface Chunk {
  readonly file: string
  readonly imports?: readonly string[]
}
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>

/** What travels, in thousands of bytes. */
const kb = (file: string): number => gzipSync(readFileSync(join(dist, file))).length / 1000
const sum = (files: Iterable<string>): number => [...files].reduce((total, file) => total + kb(file), 0)

/** The files that are loaded before a page can be drawn: those of the shell and of the page, each once. */
function loadedFor(page: string): Set<string> {
  const seen = new Set<string>()
  const visit = (key: string) => {
    if (seen.has(key)) return
    seen.add(key)
    for (const next of manifest[key]?.imports ?? []) visit(next)
  }
  visit('index.html')
  visit(page)
  return new Set([...seen].flatMap(key => manifest[key]?.file ?? []).filter(file => file.endsWith('.js')))
}

test('no file of the portal imports one that imports it: which of them runs first would be left to chance', () => {
  const importsOf = (key: string): readonly string[] => manifest[key]?.imports ?? []
  const reachable = (from: string): Set<string> => {
    const seen = new Set<string>()
    const visit = (key: string) => {
      if (seen.has(key)) return
      seen.add(key)
      for (const next of importsOf(key)) visit(next)
    }
    for (const next of importsOf(from)) visit(next)
    return seen
  }
  expect(Object.keys(manifest).filter(key => reachable(key).has(key))).toEqual([])
})

test('what the portal loads stays within its budgets', () => {
  const files = loadedFor('pages/findings/findings.tsx')
  const charts = Object.keys(manifest).filter(key => key.endsWith('overview/charts.ts'))
  expect(charts).toHaveLength(1)
  expect(files).not.toContain(manifest[charts[0] ?? '']?.file)
  expect(sum(files)).toBeLessThanOrEqual(budgets.findingsPageKb)
  for (const [key, { file }] of Object.entries(manifest)) {
    if (!file.endsWith('.js') || files.has(file)) continue
    const budget = charts.includes(key) ? budgets.chartChunkKb : budgets.lazyChunkKb
    expect.soft(kb(file), file).toBeLessThanOrEqual(budget)
  }
  const assets = readdirSync(join(dist, 'assets')).map(name => join('assets', name))
  expect(sum(assets.filter(name => name.endsWith('.js')))).toBeLessThanOrEqual(budgets.allScriptsKb)
  expect(sum(assets.filter(name => name.endsWith('.css')))).toBeLessThanOrEqual(budgets.stylesKb)
})
