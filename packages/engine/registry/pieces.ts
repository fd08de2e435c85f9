/** The same bytes in pieces of one size; the last may be smaller. */
export async function* piecesOf(bytes: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = []
  let held = 0
  for await (const piece of bytes) {
    let rest = piece
    while (held + rest.length >= size) {
      const fits = rest.subarray(0, size - held)
      yield Buffer.concat([...pieces, fits])
      rest = rest.subarray(fits.length)
      pieces = []
      held = 0
    }
    if (rest.length > 0) pieces.push(rest)
    held += rest.length
  }
  if (held > 0) yield Buffer.concat(pieces)
}
