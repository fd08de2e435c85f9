import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { registerDemonstration } from '../intake/demonstration.ts'
import { startApp, type TestApp } from '../testdata/app.ts'
import { openBrowser, testAdmin, until } from '../testdata/server-process.ts'
import { invite, inviteFirstAdmin } from './invitations.ts'

let app: TestApp
beforeEach(async () => {
  app = await startApp()
})
afterEach(async () => {
  await app.stop()
})

const tokenOf = ({ link }: { link: string }): string => new URL(link).searchParams.get('invitation') ?? ''
const firstLink = (): string => tokenOf(inviteFirstAdmin(app.db, app.url))
const readerLink = (): string =>
  tokenOf(
    invite(
      { role: 'Security Reader' },
      { db: app.db, log: pino({ level: 'silent' }), origin: app.url, viewer: { name: 'test' } },
    ),
  )

async function admin() {
  const browser = openBrowser(app.url)
  await browser.api.session.acceptInvitation.mutate({ token: firstLink(), ...testAdmin })
  return browser
}

const signIn = async (email: string, password: string) =>
  await fetch(`${app.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: app.url },
    body: JSON.stringify({ email, password }),
  })

describe('a one-time link', () => {
  test('makes the first admin and signs it in; a password does so from then on', async () => {
    const browser = openBrowser(app.url)
    expect(await browser.api.session.get.query()).toMatchObject({
      user: null,
      setupNeeded: true,
      viewAs: false,
    })
    const made = await browser.api.session.acceptInvitation.mutate({ token: firstLink(), ...testAdmin })
    expect(made).toMatchObject({ user: { name: 'Ada', role: 'Security Admin' }, setupNeeded: false })
    expect((await browser.api.session.get.query()).user).toMatchObject({ email: testAdmin.email })
    expect(await browser.api.users.list.query()).toMatchObject([{ name: 'Ada', role: 'Security Admin' }])

    expect((await browser.api.session.signOut.mutate()).user).toBeNull()
    expect((await browser.api.session.get.query()).user).toBeNull()
    const response = await signIn(testAdmin.email.toUpperCase(), testAdmin.password)
    expect(response.status).toBe(200)
    const [cookie = ''] = response.headers.getSetCookie()
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=Strict/i)
  })

  test('works once, also for two who come with it at the same time', async () => {
    const token = firstLink()
    const attempts = await Promise.allSettled(
      ['a', 'b', 'c'].map(name =>
        openBrowser(app.url).api.session.acceptInvitation.mutate({
          ...testAdmin,
          token,
          name,
          email: `${name}@example.org`,
        }),
      ),
    )
    expect(attempts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected'])
    const refused = attempts.find(one => one.status === 'rejected')
    expect(refused?.reason).toMatchObject({
      message: 'This link was used already, or it has expired.',
      data: { code: 'NOT_FOUND', hint: expect.stringContaining('new one') },
    })
  })

  test('that has expired, was replaced by a newer one, or never was, makes nobody', async () => {
    const old = firstLink()
    const expired = readerLink()
    app.db.$client
      .prepare(`update invitation set expires_at = '2020-01-01T00:00:00.000Z' where role = 'Security Reader'`)
      .run()
    firstLink()
    for (const token of [old, expired, 'x'.repeat(43)]) {
      await expect(
        openBrowser(app.url).api.session.acceptInvitation.mutate({ token, ...testAdmin }),
      ).rejects.toThrow('This link was used already, or it has expired.')
    }
  })

  test('stays good when the account cannot be made', async () => {
    await admin()
    const token = readerLink()
    const browser = openBrowser(app.url)
    await expect(browser.api.session.acceptInvitation.mutate({ token, ...testAdmin })).rejects.toThrow(
      'There is a user with this e-mail address already.',
    )
    await expect(
      browser.api.session.acceptInvitation.mutate({
        token,
        name: 'B',
        email: 'b@example.org',
        password: 'short',
      }),
    ).rejects.toThrow('password: Use at least 12 characters.')
    const made = await browser.api.session.acceptInvitation.mutate({
      ...testAdmin,
      token,
      email: 'b@example.org',
    })
    expect(made.user?.role).toBe('Security Reader')
  })

  test('is nowhere in the database or the log', async () => {
    const token = firstLink()
    const rows = app.db.$client.prepare('select * from invitation').all()
    expect(JSON.stringify(rows)).not.toContain(token)
    await openBrowser(app.url).api.session.acceptInvitation.mutate({ token, ...testAdmin })
    expect(app.log()).toContain('user-created')
    for (const secret of [token, testAdmin.password]) expect(app.log()).not.toContain(secret)
  })
})

test('nobody signs up, and the library’s other doors are shut', async () => {
  await admin()
  for (const path of [
    'sign-up/email',
    'update-user',
    'delete-user',
    'request-password-reset',
    'list-sessions',
    'ok',
  ]) {
    const response = await fetch(`${app.url}/api/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: app.url },
      body: JSON.stringify({ ...testAdmin, email: 'other@example.org' }),
    })
    expect([path, response.status]).toEqual([path, 404])
  }
  // It would tell a script the token that its cookie hides.
  expect((await fetch(`${app.url}/api/auth/get-session`)).status).toBe(404)
})

test('a wrong password and an unknown address are refused alike, and after ten tries all are', async () => {
  await admin()
  const wrong = await signIn(testAdmin.email, 'not the password')
  const unknown = await signIn('nobody@example.org', 'not the password')
  expect([wrong.status, unknown.status]).toEqual([401, 401])
  expect(await wrong.json()).toEqual(await unknown.json())
  let last = wrong
  for (let tries = 0; tries < 10; tries++) last = await signIn(testAdmin.email, 'not the password')
  expect(last.status).toBe(429)
  expect((await signIn(testAdmin.email, testAdmin.password)).status).toBe(429)
  expect(app.log().match(/"audit":"sign-in-refused"/g)).toHaveLength(13)
})

describe('users', () => {
  test('are removed with all that they are signed in with', async () => {
    const { api } = await admin()
    const reader = openBrowser(app.url)
    const made = await reader.api.session.acceptInvitation.mutate({
      ...testAdmin,
      token: readerLink(),
      email: 'r@example.org',
    })
    await api.users.remove.mutate({ id: made.user?.id ?? '' })
    expect((await reader.api.session.get.query()).user).toBeNull()
    await expect(reader.api.overview.get.query()).rejects.toMatchObject({ data: { code: 'UNAUTHORIZED' } })
  })

  test('that are removed hear no more of what changes', async () => {
    const { api } = await admin()
    const reader = openBrowser(app.url)
    const made = await reader.api.session.acceptInvitation.mutate({
      ...testAdmin,
      token: readerLink(),
      email: 'r@example.org',
    })
    const stream = await fetch(`${app.url}/api/trpc/scans.watch`, { headers: { cookie: reader.cookie() } })
    let heard = ''
    const listening = (async () => {
      for await (const chunk of stream.body ?? []) heard += Buffer.from(chunk).toString()
    })()
    await until('it is told of a change', () => {
      app.events.publish({ type: 'changed', what: 'rules' })
      return heard.includes('"rules"')
    })
    await api.users.remove.mutate({ id: made.user?.id ?? '' })
    app.events.publish({ type: 'changed', what: 'findings' })
    await listening
    expect(heard).toContain('UNAUTHORIZED')
    expect(heard).not.toContain('"findings"')
  })

  test('always have an admin among them', async () => {
    const { api } = await admin()
    const [only] = await api.users.list.query()
    await expect(api.users.remove.mutate({ id: only?.id ?? '' })).rejects.toMatchObject({
      message: 'This is the last Security Admin, so it cannot be removed.',
      data: { code: 'CONFLICT' },
    })
    await expect(api.users.remove.mutate({ id: 'nobody' })).rejects.toThrow('There is no such user.')
  })
})

describe('viewing the demonstration', () => {
  const demonstration = () => registerDemonstration(app.db, '2024-03-01T00:00:00.000Z')

  test('is offered with the demonstration, and only until there is a user', async () => {
    const browser = openBrowser(app.url)
    await expect(browser.api.session.viewAs.mutate({ role: 'Security Admin' })).rejects.toMatchObject({
      data: { code: 'FORBIDDEN' },
    })
    demonstration()
    expect((await browser.api.session.get.query()).viewAs).toBe(true)
    await browser.api.session.viewAs.mutate({ role: 'Security Reader' })
    expect((await browser.api.session.get.query()).user).toMatchObject({ role: 'Security Reader' })
    await browser.api.session.viewAs.mutate({ role: 'Security Admin' })
    expect((await browser.api.session.get.query()).user).toMatchObject({ role: 'Security Admin' })

    await admin()
    expect(await browser.api.session.get.query()).toMatchObject({ user: null, viewAs: false })
    await expect(browser.api.overview.get.query()).rejects.toMatchObject({ data: { code: 'UNAUTHORIZED' } })
  })

  test('ends with signing out', async () => {
    demonstration()
    const browser = openBrowser(app.url)
    await browser.api.session.viewAs.mutate({ role: 'Security Reader' })
    await browser.api.session.signOut.mutate()
    expect((await browser.api.session.get.query()).user).toBeNull()
  })

  test('is not offered through a proxy, and its cookie cannot be made', async () => {
    demonstration()
    const ask = async (headers: Record<string, string>) => {
      const response = await fetch(`${app.url}/api/trpc/session.get`, { headers })
      return ((await response.json()) as { result: { data: unknown } }).result.data
    }
    expect(await ask({ 'x-forwarded-for': '203.0.113.9' })).toMatchObject({ viewAs: false })
    for (const cookie of [
      'plimsoll.view-as=admin',
      'plimsoll.view-as=admin.',
      'plimsoll.view-as=admin.x',
      'plimsoll.view-as=.',
    ]) {
      expect(await ask({ cookie })).toMatchObject({ user: null })
    }
  })
})
