import { type Blob, type Note, viewOf } from './blob.ts'

/**
 * rpm's own package database (lib/backend/ndb/rpmpkg.c), little-endian throughout. A header, then pages of slots; a
 * slot says where in the file, in blocks of 16 bytes, a package's blob lies. A blob has a head and a tail of its own,
 * with a checksum over all but the tail.
 */
/** "RpmP", "Slot", "BlbS" and "BlbE". */
const fileMagic = 0x506d7052
const slotMagic = 0x746f6c53
const headMagic = 0x53626c42
const tailMagic = 0x45626c42

const headerBytes = 32
const slotBytes = 16
const pageBytes = 4096
const blockBytes = 16
const blobHeadBytes = 16
const blobTailBytes = 12

/** Gives the blobs of an NDB file in the order of its slots, and notes what cannot be read. */
export function* readNdb(content: Uint8Array, note: Note): Generator<Blob> {
  const view = viewOf(content)
  if (content.length < headerBytes || view.getUint32(0, true) !== fileMagic) return note('it is no NDB file')
  const version = view.getUint32(4, true)
  if (version !== 0) return note(`it is an NDB file of version ${version}, which is not known`)

  const claimed = new Uint8Array(Math.ceil(content.length / blockBytes))
  for (const slot of slotsOf(content, view, note)) {
    const place = `slot ${slot.number}`
    const problem = problemOf(slot, content, view)
    if (problem !== null) note(`the package of ${place} ${problem}`)
    else if (!claim(slot, claimed)) note(`the package of ${place} lies over another one`)
    else {
      if (!isWhole(slot, content, view))
        note(`the package of ${place} is damaged: its checksum does not match`)
      yield { bytes: bytesOf(slot, content, view), place }
    }
  }
}

interface Slot {
  readonly number: number
  readonly package: number
  /** Byte offset and length of the blob, head and tail included. */
  readonly at: number
  readonly length: number
}

function* slotsOf(content: Uint8Array, view: DataView, note: Note): Generator<Slot> {
  const stated = view.getUint32(12, true) * pageBytes
  const end = Math.min(stated, content.length)
  if (stated === 0) note('it has no pages of slots')
  if (stated > content.length) note(`it is cut off: its slots take ${stated} bytes of ${content.length}`)
  // Behind the slots the header knows of there are packages, never more slots.
  if (stated + 4 <= content.length && view.getUint32(stated, true) === slotMagic) {
    note('it has more pages of slots than it says')
  }
  for (let at = headerBytes; at + slotBytes <= end; at += slotBytes) {
    const number = (at - headerBytes) / slotBytes
    const packageNumber = view.getUint32(at + 4, true)
    if (view.getUint32(at, true) !== slotMagic) note(`slot ${number} is none`)
    // The slot of package 0 is free.
    else if (packageNumber !== 0) {
      const blobAt = view.getUint32(at + 8, true) * blockBytes
      yield { number, package: packageNumber, at: blobAt, length: view.getUint32(at + 12, true) * blockBytes }
    }
  }
}

/**
 * Takes a slot's blocks unless another one has some of them: believed, many slots could name one large blob again and
 * again. Blocks looked at are taken either way, so that all slots together look at each once.
 */
function claim({ at, length }: Slot, claimed: Uint8Array): boolean {
  for (let block = at / blockBytes; block < (at + length) / blockBytes; block += 1) {
    if (claimed[block] === 1) return false
    claimed[block] = 1
  }
  return true
}

/** Why a slot cannot be followed to a package, in one phrase; null when it can. */
function problemOf(
  { package: number, at, length }: Slot,
  content: Uint8Array,
  view: DataView,
): string | null {
  if (length < blobHeadBytes + blobTailBytes) return 'has no room for its header'
  if (at + length > content.length) return 'lies behind the end of the file'
  const blocks = Math.ceil((blobHeadBytes + bytesIn(at, view) + blobTailBytes) / blockBytes)
  const isThere =
    view.getUint32(at, true) === headMagic &&
    view.getUint32(at + 4, true) === number &&
    blocks * blockBytes === length
  return isThere ? null : 'is not where its slot says'
}

const bytesIn = (at: number, view: DataView): number => view.getUint32(at + 12, true)

function bytesOf({ at }: Slot, content: Uint8Array, view: DataView): Uint8Array {
  return content.subarray(at + blobHeadBytes, at + blobHeadBytes + bytesIn(at, view))
}

/** Whether the tail is what the rest of the blob says. */
function isWhole({ at, length }: Slot, content: Uint8Array, view: DataView): boolean {
  const tailAt = at + length - blobTailBytes
  return (
    view.getUint32(tailAt, true) === adler32(content, at, tailAt) &&
    view.getUint32(tailAt + 4, true) === bytesIn(at, view) &&
    view.getUint32(tailAt + 8, true) === tailMagic
  )
}

/** The checksum of RFC 1950. */
function adler32(content: Uint8Array, start: number, end: number): number {
  let a = 1
  let b = 0
  for (let at = start; at < end; ) {
    // As many bytes as both sums can take and stay small integers, which are fast.
    const stop = Math.min(end, at + 2048)
    for (; at < stop; at += 1) {
      a += content[at] ?? 0
      b += a
    }
    a %= 65521
    b %= 65521
  }
  return b * 65536 + a
}
