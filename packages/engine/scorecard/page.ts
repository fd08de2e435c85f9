import type { ReleaseScore } from './release-score.ts'
import type { VectorScore } from './vector-score.ts'

/** `docs/exactness.md`, from what was measured. */
export function exactnessPage(releases: readonly ReleaseScore[], vectors: readonly VectorScore[]): string {
  return `# How exact Plimsoll is

Written by \`npm run scorecard\`; do not edit. Images are scanned as anybody's would be, in the sandbox, and held
against another reader and another order: dpkg and rpm themselves where there are any, on package databases that they
wrote, or the published list beside a published database. Extra is what was found and should not have been.

## Packages and findings

| Image | Packages found | of | extra | Findings found | of | extra | Held against |
|---|---:|---:|---:|---:|---:|---:|---|
${releases.map(releaseRow).join('\n')}
${totalRow(releases)}

A finding is counted once for each binary package it is about. Where there are no findings to compare, the image's
ledger says why:

${releases.flatMap(zeroLines).join('\n')}

## Orders of versions

| Order | Vectors of | Right | of |
|---|---|---:|---:|
${vectors.map(({ ecosystem, source, passed, vectors: all }) => `| ${ecosystem} | ${source} | ${numbered(passed)} | ${numbered(all)} |`).join('\n')}

## Deviations

${deviationLines(releases, vectors).join('\n')}
`
}

function releaseRow({ title, packages, matches, evidence }: ReleaseScore): string {
  const found = [packages.found, packages.expected, packages.extra].map(numbered)
  const findings =
    matches === null ? ['', '', ''] : [matches.found, matches.expected, matches.extra].map(numbered)
  return `| ${[title, ...found, ...findings, evidence].join(' | ')} |`
}

function totalRow(releases: readonly ReleaseScore[]): string {
  const scores = [releases.map(one => one.packages), releases.flatMap(one => one.matches ?? [])]
  const sums = scores.flatMap(all => {
    const sum = (pick: (one: (typeof all)[number]) => number): number =>
      all.reduce((total, one) => total + pick(one), 0)
    return [sum(one => one.found), sum(one => one.expected), sum(one => one.extra)]
  })
  return `| **${['All', ...sums.map(numbered)].join('** | **')}** | |`
}

const zeroLines = ({ title, matches, reasons }: ReleaseScore): string[] =>
  matches === null ? [`- ${title}: ${reasons.join(' ') || 'no reason was given.'}`] : []

function deviationLines(releases: readonly ReleaseScore[], vectors: readonly VectorScore[]): string[] {
  const lines = [
    ...releases.flatMap(({ title, packages, matches, ambiguous }) =>
      [...packages.differences, ...(matches?.differences ?? []), ...ambiguous].map(
        line => `- ${title}: ${line}`,
      ),
    ),
    ...vectors.flatMap(({ ecosystem, failures }) => failures.map(line => `- ${ecosystem}: ${line}`)),
  ]
  return lines.length > 0 ? lines : ['None: everything expected was found, and nothing else.']
}

const numbered = (count: number): string => count.toLocaleString('en-US')
