import { copy } from './copy.ts'

/** Signs in with e-mail address and password. @returns what went wrong in a sentence, null when nothing did. */
export async function signInWithPassword(email: string, password: string): Promise<string | null> {
  let response: Response
  try {
    response = await fetch('/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    })
  } catch {
    return copy.noAnswer
  }
  if (response.ok) return null
  if (response.status === 429) return copy.tooMany
  return response.status < 500 ? copy.wrong : copy.failed
}
