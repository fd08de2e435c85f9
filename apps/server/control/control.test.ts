import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { prepareDataFolder } from '../db/data-folder.ts'
import { type Plimsoll, startServer } from '../server.ts'
import { cleanUp, temporaryFolder } from '../testdata/server-process.ts'
import { controlClient, NotRunning } from './client.ts'
import { socketPath } from './socket.ts'

async function startOn(dataDir: string): Promise<Plimsoll> {
  const config = readConfig(['--port', '0', '--data', dataDir, '--empty'])
  if ('help' in config) throw new Error('this asked for no help')
  prepareDataFolder(dataDir)
  return await startServer(config, '0.0.0-test')
}

let dataDir: string
let server: Plimsoll
beforeAll(async () => {
  dataDir = join(await temporaryFolder(), 'data')
  // What a server that was killed leaves behind.
  mkdirSync(dataDir)
  writeFileSync(join(dataDir, 'control.sock'), '')
  server = await startOn(dataDir)
})
afterAll(async () => {
  await server.stop()
  await cleanUp()
})

const kindOf = (path: string): [boolean, number] => [statSync(path).isSocket(), statSync(path).mode & 0o777]

test('the operator is an admin with lasting rights, and the socket is for its owner alone', async () => {
  const { api } = controlClient(dataDir)
  expect((await api.session.get.query()).user).toMatchObject({ id: 'control', role: 'Security Admin' })
  expect(await api.users.list.query()).toEqual([])
  expect(kindOf(join(dataDir, 'control.sock'))).toEqual([true, 0o600])
  expect(statSync(dataDir).mode & 0o777).toBe(0o700)
})

test('nothing a request over TCP says makes it the operator’s', async () => {
  for (const headers of [{}, { host: 'control' }, { 'x-plimsoll-control': '1', forwarded: 'for=unix' }]) {
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${server.origin}/api/trpc/users.list`, { headers }, answer => {
        answer.resume()
        resolve(answer.statusCode)
      })
      sent.on('error', reject)
      sent.end()
    })
    expect([401, 421]).toContain(status)
  }
})

test('it gives the API alone, and refusals with their words', async () => {
  const { api, get } = controlClient(dataDir)
  const answer = await get('/')
  answer.resume()
  expect(answer.statusCode).toBe(404)
  await expect(api.session.signOut.mutate()).rejects.toThrow('Signing in and out is done in the portal.')
  await expect(api.users.remove.mutate({ id: 'nobody' })).rejects.toThrow('There is no such user.')
})

test('a folder too deep for a socket has it elsewhere, until the server stops', async () => {
  const deep = join(await temporaryFolder(), 'a'.repeat(60), 'b'.repeat(60))
  const elsewhere = await startOn(deep)
  const path = socketPath(deep)
  expect(path).toBe(readFileSync(join(deep, 'control.path'), 'utf8'))
  expect(kindOf(path)).toEqual([true, 0o600])
  expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700)
  expect((await controlClient(deep).api.session.get.query()).user?.id).toBe('control')
  await elsewhere.stop()
  expect([existsSync(path), existsSync(join(deep, 'control.path'))]).toEqual([false, false])
  await expect(controlClient(deep).api.session.get.query()).rejects.toThrow(
    `No Plimsoll is running with the data folder ${deep}.`,
  )
})

test('a folder that others can write to is not trusted', async () => {
  const shared = await temporaryFolder()
  mkdirSync(join(shared, 'open'), { mode: 0o755 })
  writeFileSync(join(shared, 'open/control.sock'), '')
  await expect(controlClient(join(shared, 'open')).get('/')).rejects.toThrow('is not yours alone')
  await expect(controlClient(join(shared, 'gone')).get('/')).rejects.toThrow(NotRunning)
})
