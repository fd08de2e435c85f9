import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requireAptTool } from '../../../registry/testdata/apt-tool.ts'

export interface BerkeleyOptions {
  readonly type?: 'hash' | 'btree'
  readonly pageBytes?: number
  readonly littleEndian?: boolean
  readonly checksums?: boolean
}

/**
 * A Berkeley DB file with the packages of rpm, written by Berkeley DB's own `db_load`: under the key 0 the number given
 * last, under the others the headers. Keys are numbers in the file's byte order.
 */
export function berkeleyFile(
  blobs: readonly Uint8Array[],
  { type = 'hash', pageBytes = 4096, littleEndian = true, checksums = false }: BerkeleyOptions = {},
): Buffer {
  requireAptTool('db5.3_load', 'db5.3-util')
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4)
    if (littleEndian) bytes.writeUInt32LE(value)
    else bytes.writeUInt32BE(value)
    return bytes
  }
  const pairs = [[number(0), number(blobs.length)], ...blobs.map((blob, index) => [number(index + 1), blob])]
  const input = [
    'VERSION=3',
    'format=bytevalue',
    `type=${type}`,
    `db_pagesize=${pageBytes}`,
    `db_lorder=${littleEndian ? 1234 : 4321}`,
    ...(checksums ? ['chksum=1'] : []),
    'HEADER=END',
    ...pairs.flat().map(bytes => ` ${Buffer.from(bytes).toString('hex')}`),
    'DATA=END',
  ]
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-rpmdb-'))
  try {
    const file = join(folder, 'Packages')
    execFileSync('db5.3_load', [file], { input: `${input.join('\n')}\n` })
    return readFileSync(file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
