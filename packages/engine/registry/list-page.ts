import { type Response, readCapped } from './exchange.ts'
import { SourceError } from './source-error.ts'

/** A page of a list: its JSON, and the path of the next page where there is one. */
export interface ListPage {
  readonly value: unknown
  readonly next: string | null
}

/**
 * Reads a page of a list. The next one is named by a Link header (RFC 8288), which must stay in the registry: it
 * would be asked for with our credentials.
 *
 * @throws SourceError `registry-error`
 */
export async function readListPage(
  response: Response,
  registry: URL,
  maxBytes: number,
  what: string,
): Promise<ListPage> {
  const next = nextPage(response, registry, what)
  const bytes = await readCapped(response, maxBytes, what)
  try {
    return { value: JSON.parse(Buffer.from(bytes).toString('utf8')), next }
  } catch (cause) {
    throw new SourceError('registry-error', `${what} did not come as JSON, so this may be no registry.`, {
      cause,
    })
  }
}

function nextPage(response: Response, registry: URL, what: string): string | null {
  const header = response.headers.link
  const links = Array.isArray(header) ? header.join(', ') : (header ?? '')
  const target = /<([^<>]*)>[^<]*;\s*rel="?next"?/i.exec(links)?.[1]
  if (target === undefined) return null
  const url = URL.canParse(target, response.url) ? new URL(target, response.url) : null
  if (url?.origin === registry.origin && url.pathname.startsWith('/v2/')) return url.pathname + url.search
  response.discard()
  throw new SourceError(
    'registry-error',
    `${what} go on at an address outside the registry, which is refused.`,
  )
}
