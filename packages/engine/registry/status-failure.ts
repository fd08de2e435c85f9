import { type ScanErrorCode } from '@plimsoll/types'
import { type Response, readCapped } from './exchange.ts'
import { parseRetryAfter, Transient } from './retry.ts'
import { SourceError } from './source-error.ts'

/** A registry that sends fewer names in a page than were asked for, and says so rather than send them. */
export class PageTooLarge extends SourceError {}

const maxErrorBytes = 16 * 1024
const passing = new Set([500, 502, 503, 504])

/**
 * What an answer that is not a success means: `Transient` when another attempt may help (429 and most 5xx), else a
 * SourceError. Consumes the response. Of the answer itself only its error codes are repeated: its free text is a
 * stranger's.
 *
 * @param what the subject of the sentence: "127.0.0.1:5000/team/app:1.0"
 */
export async function statusFailure(
  response: Response,
  what: string,
  nowMs: number,
  to: 'read' | 'write' = 'read',
): Promise<Error> {
  const { status } = response
  const { codes, text } = await errorsOf(response)
  const because = codes.length === 0 ? `${status}` : `${status}, ${codes.join(', ')}`
  const fail = (code: ScanErrorCode, message: string, hint?: string) =>
    new SourceError(code, message, { hint })

  if (status === 429) {
    const error = fail(
      'registry-rate-limited',
      `${what}: the registry takes no more requests for now (${because}).`,
      'Scan again later, or give credentials: signed-in users are often allowed more.',
    )
    return new Transient(error, parseRetryAfter(response.headers['retry-after'], nowMs))
  }
  if (passing.has(status)) {
    const error = fail(
      'registry-error',
      `${what}: the registry failed (${because}).`,
      "The registry's own log says why.",
    )
    return new Transient(error, parseRetryAfter(response.headers['retry-after'], nowMs))
  }
  if (status === 404 && to === 'write' && codes.includes('NAME_UNKNOWN')) {
    return fail(
      'image-not-found',
      `${what}: the registry has no such repository.`,
      'Some registries, such as Amazon ECR, want a repository made before anything is pushed to it.',
    )
  }
  if (status === 404) {
    return codes.includes('NAME_UNKNOWN')
      ? fail('image-not-found', `${what} is not there: the registry has no such repository.`, notFoundHint)
      : fail('image-not-found', `${what} is not there.`, notFoundHint)
  }
  // Azure's registries, by their network rules: no credentials help.
  if (status === 403 && /client with IP .{1,80} is not allowed access/i.test(text)) {
    return fail(
      'registry-unreachable',
      `${what}: the registry denies access from this machine's address (${because}).`,
      'Allow the address of this machine in the network rules of the registry.',
    )
  }
  if ((status === 401 || status === 403) && to === 'write') {
    return fail('unauthorized', `${what}: the registry does not allow it (${because}).`, mayWriteHint)
  }
  if (status === 401 || status === 403) {
    return fail(
      'unauthorized',
      `${what}: the registry does not allow it to be read (${because}).`,
      'Give credentials of a user that may pull it.',
    )
  }
  if (status === 400 && text.includes('HTTP request to an HTTPS server')) {
    return fail('registry-error', `${what}: the registry speaks HTTPS.`, 'Write https:// before its name.')
  }
  if (codes.includes('PAGINATION_NUMBER_INVALID')) {
    return new PageTooLarge('registry-error', `${what}: the registry answered ${because}.`)
  }
  return fail('registry-error', `${what}: the registry answered ${because}.`)
}

export const mayWriteHint = 'Give credentials of a user that may push to the repository, or delete from it.'
const notFoundHint = 'Check its spelling. An image may also have been deleted since it was pushed.'

/** The error codes of the distribution specification ("MANIFEST_UNKNOWN"), none where the body is not of its form. */
async function errorsOf(response: Response): Promise<{ codes: string[]; text: string }> {
  let text: string
  try {
    text = Buffer.from(await readCapped(response, maxErrorBytes, 'The answer')).toString('utf8')
  } catch {
    // The status says enough; a body that breaks off or is too large adds nothing.
    return { codes: [], text: '' }
  }
  const codes = [...text.matchAll(/"code"\s*:\s*"([A-Z][A-Z_]{1,63})"/g)].flatMap(([, code]) => code ?? [])
  return { codes: [...new Set(codes)].slice(0, 3), text }
}
