import { createHash } from 'node:crypto'
import { digestSchema } from '@plimsoll/types'
import { z } from 'zod'
import { isManifestType, type RegistryEvent } from '../event.ts'
import type { Delivery, ReadEvents, WebhookKind } from './kind.ts'

/** What the bodies of all kinds are made of. Names are held to the distribution specification: they go into addresses. */

export const repositoryName = z
  .string()
  .max(255)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/)

/** Null for what is no tag: left out, empty, or a digest, which some registries write in its place. */
export const tagName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/)
  .nullable()
  .catch(null)

export const imageDigest = digestSchema

/** A time with any offset and any fraction, in UTC with milliseconds: registries write nanoseconds. */
export const utcTime = z.iso.datetime({ offset: true }).transform(text => new Date(text).toISOString())

/** Seconds since the epoch, in UTC with milliseconds. */
export const unixTime = z
  .number()
  .min(0)
  .max(253_402_300_799)
  .transform(seconds => new Date(Math.floor(seconds) * 1000).toISOString())

/** Whether it is told, and is another than of manifests: layers are pushed too, and charts. */
export const isOfOther = (mediaType: string | null): boolean =>
  mediaType !== null && !isManifestType(mediaType)

/** Null when it is not told. */
export const mediaTypeOf = (text: string | undefined): string | null => {
  const type = (text?.split(';')[0] ?? '').trim().toLowerCase()
  return type === '' ? null : type
}

/** An id for an event that has none, made of what it says: the same event told of twice is one. */
export const idOf = (...facts: readonly (string | null)[]): string =>
  createHash('sha256').update(JSON.stringify(facts)).digest('base64url')

/** @returns the event, null for one that is none of ours, undefined for one that makes no sense. */
export type ReadEvent = RegistryEvent | null | undefined

export const counted = (read: readonly ReadEvent[]): ReadEvents => ({
  events: read.filter(event => event !== null && event !== undefined),
  unreadable: read.filter(event => event === undefined).length,
  ignored: read.filter(event => event === null).length,
})

/** How a body is read that holds one event. */
export const oneEvent =
  <Body>(schema: z.ZodType<Body>, read: (body: Body, delivery: Delivery) => ReadEvent): WebhookKind['read'] =>
  (body, delivery) => {
    const { data } = schema.safeParse(body)
    return data === undefined ? null : counted([read(data, delivery)])
  }
