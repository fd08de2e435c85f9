/**
 * rpm keeps of every installed package its header, as one blob, in a key-value store of three formats: Berkeley DB
 * (`Packages`), NDB (`Packages.db`) and SQLite (`rpmdb.sqlite`). The readers of this folder give the blobs; what is in
 * one, `header.ts` reads.
 *
 * Files come out of untrusted images. Whatever they hold, a reader ends, in time and memory linear in the file's size:
 * no page and no block counts twice, and no length is believed before the bytes are there.
 */
export interface Blob {
  readonly bytes: Uint8Array
  /** Where it is, for people: "page 12", "row 3". */
  readonly place: string
}

/** Takes what is wrong with a file, in one phrase without its name. Whatever else can be read still is. */
export type Note = (problem: string) => void

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
