import type { AcceptInvitation } from '@plimsoll/types'
import { copy } from './copy.ts'

export type InvitationProblems = Readonly<Partial<Record<keyof AcceptInvitation, string>>>

/**
 * Reads what the form of a one-time link gives, or says of each field what is wrong with it. The bounds are the
 * schema's own, by the test: a page that loads schemas loads the whole library for them.
 */
export function readInvitation(
  token: string,
  form: FormData,
): { given: AcceptInvitation } | { problems: InvitationProblems } {
  const text = (name: string): string => {
    const value = form.get(name)
    return typeof value === 'string' ? value : ''
  }
  const given = { token, name: text('name').trim(), email: text('email').trim(), password: text('password') }
  const problems: InvitationProblems = {
    ...((token.length < 20 || token.length > 200) && { token: copy.noToken }),
    ...(given.name === '' ? { name: copy.noName } : given.name.length > 100 && { name: copy.longName }),
    ...(!looksLikeEmail(given.email) && { email: copy.noEmail }),
    ...(given.password.length < 12
      ? { password: copy.shortPassword }
      : given.password.length > 256 && { password: copy.longPassword }),
  }
  return Object.keys(problems).length > 0 ? { problems } : { given }
}

/** What nobody has as an address; what is left the server judges. */
const looksLikeEmail = (text: string): boolean =>
  text.length <= 254 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)
