import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'

/** A program that answers posted JSON as express does it, and no more: what a webhook is compared with. */
const app = express()
app.post('/', express.raw({ type: () => true, limit: '4mb' }), (request: { body?: unknown }, response) => {
  const { events } = JSON.parse(String(request.body)) as { events: unknown[] }
  response.json({ taken: events.length })
})
const server = createServer(app).listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
})
