import type { Page } from '@playwright/test'
import type { Api } from '../../apps/server/testdata/server-process.ts'
import { severities } from '../../packages/types/index.ts'

type FindingFilter = NonNullable<NonNullable<Parameters<Api['findings']['list']['query']>[0]>['filter']>
/** What is asked of an element in the page, whose types are not known here. */
interface LinkElement {
  readonly textContent: string | null
  getAttribute(name: string): string | null
}

type ImageFilter = NonNullable<Parameters<Api['images']['list']['query']>[0]>

/**
 * Every number is a link to the rows that it counts: goes over the links of a page that lead to findings or images.
 * @param rowsAt how many rows an address lists.
 * @returns what is wrong, one line each; nothing when each number is that of the rows.
 */
export async function miscounted(
  page: Page,
  rowsAt: (address: string) => Promise<number | null>,
): Promise<string[]> {
  const links = await page
    .getByRole('main')
    .getByRole('link')
    .evaluateAll((all: readonly LinkElement[]) =>
      all.map(link => [link.getAttribute('href'), link.getAttribute('aria-label') ?? link.textContent]),
    )
  const wrong: string[] = []
  let checked = 0
  for (const [href, says] of links) {
    // A number within a name is none.
    const [, number] = /(?:^|\s)([\d,]+)(?=\s|$)/.exec(says ?? '') ?? []
    const rows = number === undefined ? null : await rowsAt(new URL(href ?? '', page.url()).href)
    if (rows === null) continue
    checked += 1
    if (rows !== Number(number?.replaceAll(',', ''))) wrong.push(`“${says}” leads to ${rows} rows at ${href}`)
  }
  return checked === 0 ? ['no number leads to rows'] : wrong
}

/** How many rows an address of the portal lists, as the API counts them; null for an address that is no list. Each is asked once. */
export function countingRows(api: Api): (address: string) => Promise<number | null> {
  const known = new Map<string, Promise<number | null>>()
  return address => {
    const rows = known.get(address) ?? ask(api, new URL(address))
    known.set(address, rows)
    return rows
  }
}

async function ask(api: Api, { pathname, searchParams: at }: URL): Promise<number | null> {
  // A row that is open beside the list is no list of its own.
  if (at.has('finding') || at.has('tab')) return null
  const [, registryId, digest] = /^\/registries\/([^/]+)\/images\/(sha256:\w+)$/.exec(pathname) ?? []
  if (pathname === '/findings' || digest !== undefined) {
    const filter = { ...findingFilter(at), ...(digest !== undefined && { registryId, digest }) }
    return (await api.findings.list.query({ filter, size: 25 })).total
  }
  if (pathname !== '/images') return null
  return (await api.images.list.query({ ...imageFilter(at), size: 25 })).total
}

/** The parameters of the address as docs and shared links have them, written down once more. */
function findingFilter(at: URLSearchParams): FindingFilter {
  const text = (name: string): string | undefined => at.get(name) ?? undefined
  const severity = text('sev')
    ?.split(',')
    .map(each => each[0]?.toUpperCase() + each.slice(1))
  return {
    q: text('q'),
    severity: severity as FindingFilter['severity'],
    fix: text('fix') as FindingFilter['fix'],
    status: (text('status') ?? 'open') as FindingFilter['status'],
    class: text('class')?.split(',') as FindingFilter['class'],
    registryId: text('reg'),
    repository: text('repo'),
    digest: text('image'),
    cve: text('cve'),
    securityCheck: text('check'),
    package: text('pkg'),
    feed: text('feed'),
    layer: text('layer'),
    origin: text('origin') as FindingFilter['origin'],
    ruleId: text('rule'),
  }
}

function imageFilter(at: URLSearchParams): ImageFilter {
  const text = (name: string): string | undefined => at.get(name) ?? undefined
  return {
    health: text('health') as ImageFilter['health'],
    worst: severities.find(each => each.toLowerCase() === text('worst')),
    registryId: text('reg'),
    repository: text('repo'),
  }
}
