import { Agent, request } from 'node:http'
import { postedEvent } from './webhook-load-events.ts'

/**
 * A program that posts events to a webhook, each in a request of its own, and prints what came of it as one line of
 * JSON. Rate 0 sends the next when one is answered, on 64 connections; any other rate is held whatever is answered, on
 * as many connections as it takes, up to one for each event of a second.
 * When all are sent it prints a line "sent" first.
 */

const [url = '', authorization = '', rateText = '0', secondsText = '1', firstText = '0'] = process.argv.slice(2)
const rate = Number(rateText)
const seconds = Number(secondsText)
const agent = new Agent({ keepAlive: true, maxSockets: rate === 0 ? 64 : Math.max(rate, 128) })

let next = Number(firstText)
const accepted: number[] = []
const milliseconds: number[] = []
const statuses: Record<string, number> = {}

function post(number = next++): Promise<void> {
  const body = JSON.stringify({ events: [postedEvent(number)] })
  const sentAt = performance.now()
  return new Promise(resolve => {
    const count = (status: string): void => {
      statuses[status] = (statuses[status] ?? 0) + 1
      resolve()
    }
    const sending = request(
      url,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/vnd.docker.distribution.events.v2+json',
          'content-length': Buffer.byteLength(body),
          authorization,
        },
      },
      response => {
        response.resume()
        response.once('end', () => {
          milliseconds.push(performance.now() - sentAt)
          if (response.statusCode === 200) accepted.push(number)
          count(String(response.statusCode))
        })
        response.once('error', () => count('broken'))
      },
    )
    sending.once('error', error => {
      // The server closed a connection that was idle, just as it was used again: nobody's fault, and sent once more.
      const idle = sending.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET'
      if (idle) resolve(post(number))
      else count('broken')
    })
    sending.end(body)
  })
}

const startedAt = performance.now()
const elapsed = (): number => (performance.now() - startedAt) / 1000
const posting: Promise<void>[] = []
if (rate === 0) {
  const worker = async (): Promise<void> => {
    while (elapsed() < seconds) await post()
  }
  await Promise.all(Array.from({ length: 64 }, worker))
} else {
  for (let sent = 0; sent < rate * seconds; ) {
    for (const due = Math.min(rate * seconds, rate * elapsed()); sent < due; sent++) posting.push(post())
    await new Promise(resolve => {
      setTimeout(resolve, 5)
    })
  }
}
console.log('sent')
const tookSeconds = elapsed()
await Promise.all(posting)
const sorted = milliseconds.sort((a, b) => a - b)
const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0
console.log(JSON.stringify({ accepted, statuses, seconds: tookSeconds, p50Ms: at(0.5), p95Ms: at(0.95) }))
// Not process.exit(), which would cut off what is still on its way into the pipe.
agent.destroy()
