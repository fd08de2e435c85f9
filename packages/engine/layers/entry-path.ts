/**
 * Path of an archive's member as the components' plain sequence from the root of the file system: no leading or
 * trailing slash, no empty, `.` or `..` component. What climbs above the root stays at the root, as in a chroot, so
 * no spelling names anything outside. The root itself is the empty string.
 */
export function entryPath(raw: string): string {
  const path = raw.startsWith('./') ? raw.slice(2) : raw
  if (isPlain(path)) return path
  const components: string[] = []
  for (const component of path.split('/')) {
    if (component === '..') components.pop()
    else if (component !== '' && component !== '.') components.push(component)
  }
  return components.join('/')
}

const slash = 0x2f
const dot = 0x2e

/** Nearly every path of a real image is, but for the `./` that some writers put in front. */
function isPlain(path: string): boolean {
  let componentStart = 0
  for (let index = 0; index <= path.length; index += 1) {
    if (index < path.length && path.charCodeAt(index) !== slash) continue
    const length = index - componentStart
    if (length === 0) return path.length === 0
    if (length <= 2 && path.charCodeAt(componentStart) === dot) {
      if (length === 1 || path.charCodeAt(componentStart + 1) === dot) return false
    }
    componentStart = index + 1
  }
  return true
}

/** A path or name as people read it: latin1 (bytes as they are) into UTF-8, with U+FFFD where it is none. */
export function readable(path: string): string {
  // oxlint-disable-next-line no-control-regex -- the range is what ASCII is
  return /^[\x00-\x7f]*$/.test(path) ? path : Buffer.from(path, 'latin1').toString('utf8')
}

const maxShownLength = 1000

/**
 * Text of an image as it may stand in a message or a result: without control characters, which a terminal would obey,
 * and of a length that people read.
 */
export function printable(text: string): string {
  const shown = text.length > maxShownLength ? `…${text.slice(1 - maxShownLength)}` : text
  return shown.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '\uFFFD')
}

/** The other way: a path of ours as it is spelt in the merged tree. */
export const asStored = (path: string): string => Buffer.from(path, 'utf8').toString('latin1')
